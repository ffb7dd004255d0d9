"""The three surveys of the company."""

from rapport.config.demo.company import Survey

SURVEYS = [
    Survey(
        key="after-conversation",
        name="After a conversation",
        measure="csat",
        lowest=1,
        highest=5,
        question={
            "en": "How satisfied are you with how we settled this?",
            "sw": "Umeridhika kiasi gani na jinsi tulivyolitatua jambo hili?",
            "es": "¿Qué tan satisfecho está con cómo lo resolvimos?",
            "pt": "Quão satisfeito está com a forma como resolvemos isto?",
        },
    ),
    Survey(
        key="after-delivery",
        name="After a delivery",
        measure="csat",
        lowest=1,
        highest=5,
        question={
            "en": "How satisfied are you with the delivery of your order?",
            "sw": "Umeridhika kiasi gani na kuletewa oda yako?",
            "es": "¿Qué tan satisfecho está con la entrega de su pedido?",
            "pt": "Quão satisfeito está com a entrega da sua encomenda?",
        },
    ),
    Survey(
        key="quarterly",
        name="Quarterly relationship",
        measure="nps",
        lowest=0,
        highest=10,
        question={
            "en": "How likely are you to recommend us to a friend?",
            "sw": "Kuna uwezekano gani utupendekeze kwa rafiki?",
            "es": "¿Con qué probabilidad nos recomendaría a una amistad?",
            "pt": "Qual a probabilidade de nos recomendar a alguém amigo?",
        },
    ),
]
AFTER_CONVERSATION, AFTER_DELIVERY, QUARTERLY = 0, 1, 2
