"""Portuguese, as it is written in Mozambique."""

from rapport.config.demo.wording import Wording

PORTUGUESE = Wording(
    language="pt",
    weekdays=(
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
    today="hoje até às {hour}",
    tomorrow="amanhã até às {hour}",
    on_day="até {weekday} às {hour}",
    one_day="um dia",
    many_days="{count} dias",
    subject={
        "delivery.late": ("A encomenda {order} está atrasada", "Ainda à espera de {order}"),
        "delivery.where": ("Onde está {order}?", "Seguimento da encomenda {order}"),
        "delivery.wrong_item": ("Artigo errado em {order}", "Não foi isto que pedi ({order})"),
        "delivery.address_change": ("Nova morada para {order}", "Entregar {order} noutro sítio"),
        "billing.payment_failed": ("O pagamento de {order} falhou", "Não consigo pagar {order}"),
        "billing.double_charge": ("Cobrança dupla em {order}", "Cobraram duas vezes, {code}"),
        "billing.refund_missing": ("Reembolso de {order} não chegou", "Falta o reembolso de {order}"),
        "billing.invoice": ("Factura de {order}", "Preciso do recibo de {order}"),
        "product.defect": ("Artigo com defeito: {product}", "Problema com {product} de {order}"),
        "product.question": ("Pergunta sobre {product}", "Antes de comprar {product}"),
        "product.availability": ("Têm {product}?", "Quando volta {product}?"),
        "returns.how": ("Como devolvo {product}?", "Devolução de {order}"),
        "returns.exchange": ("Trocar {product}", "Outro tamanho ou cor, {order}"),
        "account.login": ("Não consigo entrar", "Conta bloqueada"),
        "account.details": ("Alterar os meus dados", "Novo número de telefone"),
    },
    hello={
        "calm": ("Olá.", "Boas.", "Olá, tudo bem?", "Olá, equipa da {brand}.", "Cumprimentos de {town}."),
        "worried": (
            "Olá, preciso de ajuda.",
            "Boas, estou um pouco preocupado.",
            "Olá, podem ajudar-me por favor?",
        ),
        "angry": (
            "Isto não é aceitável.",
            "Estou muito desiludido convosco.",
            "Já estou farto de esperar.",
            "Esperava mais da {brand}.",
        ),
    },
    cause={
        "product.defect/electric": (
            "O artigo «{product}» de {order} deixou de funcionar ao fim de dois dias.",
            "Não liga. É «{product}», da encomenda {order}.",
            "«{product}» faz um barulho estranho e aquece muito.",
        ),
        "product.defect/wear": (
            "Abriu-se uma costura em «{product}» ao fim de uma semana.",
            "«{product}» perdeu a cor na primeira lavagem.",
            "O artigo «{product}» de {order} chegou com uma nódoa.",
        ),
        "product.defect/food": (
            "Metade de «{product}» chegou estragada. A encomenda é {order}.",
            "«{product}» chegou aberto e entornou-se no saco.",
            "O prazo de «{product}» já passou.",
        ),
        "product.question/electric": (
            "Que garantia tem «{product}»?",
            "Posso usar «{product}» com energia solar?",
            "Quantos watts gasta «{product}»?",
        ),
        "product.question/wear": (
            "Em que tamanhos ou cores há «{product}»?",
            "Pode lavar-se «{product}» à máquina?",
            "De que é feito «{product}»?",
        ),
        "product.question/food": (
            "De onde vem «{product}»?",
            "Quanto tempo dura «{product}» sem frigorífico?",
            "Em que dia chega «{product}» a {town}?",
        ),
        "returns.exchange/wear": (
            "«{product}» fica-me pequeno. Posso trocar?",
            "Gostava de «{product}» de {order} noutra cor.",
            "Não quero o dinheiro, quero outro «{product}» que me sirva.",
        ),
        "delivery.late": (
            "A minha encomenda {order} devia chegar a {promised} e continuo à espera.",
            "Prometeram-me «{product}» até {promised}. Já tem {days} de atraso.",
            "A encomenda {order} tem {days} de atraso e ninguém me ligou.",
            "Paguei e até agora não chegou nada a {town}. A encomenda é {order}.",
            "Fiquei em casa a {promised} por causa de {order} e não apareceu ninguém.",
            "Era um presente, e {order} vai com {days} de atraso.",
        ),
        "delivery.where": (
            "Gostava de saber onde está agora a encomenda {order}.",
            "O artigo «{product}» já saiu da loja? A encomenda é {order}.",
            "Podem dizer-me quando é que {order} chega a {town}?",
            "Recebi um SMS a dizer que {order} vem a caminho, mas a ligação não mostra nada.",
            "A encomenda {order} chega a {promised}, como disseram?",
        ),
        "delivery.wrong_item": (
            "Pedi «{product}» e na caixa está outra coisa.",
            "A encomenda {order} chegou hoje, mas é de outra pessoa.",
            "A cor não é a que escolhi em {order}.",
            "Abri {order} e falta um artigo: {product}.",
        ),
        "delivery.address_change": (
            "Mudei de casa. A encomenda {order} pode ir para a nova morada em {town}?",
            "Por favor entreguem {order} no meu escritório em {town}.",
            "Enganei-me no bairro em {order}. Ainda se pode mudar?",
            "Não vou estar em casa. Prefiro levantar {order} em {town}.",
        ),
        "billing.payment_failed": (
            "Tentei pagar {amount} por {order} e dá erro.",
            "O pagamento de {order} falha, embora eu tenha saldo.",
            "Pus o PIN, deu erro, e agora não sei se {order} está paga.",
            "Já tentei três vezes com o cartão para {order} e nada.",
        ),
        "billing.double_charge": (
            "Cobraram-me {amount} duas vezes por {order}. O segundo código é {code}.",
            "No meu extracto aparece {order} duas vezes e só comprei uma coisa.",
            "Vejam por favor o código {code}: saíram outra vez {amount}.",
            "Paguei {order} uma vez e tiraram o dinheiro duas vezes.",
        ),
        "billing.refund_missing": (
            "Devolvi «{product}» e o reembolso de {amount} não chegou.",
            "Disseram três dias para o reembolso de {order} e já passou mais de uma semana.",
            "Continuo à espera dos meus {amount} de {order}.",
            "O vosso e-mail diz que enviaram {amount}, mas eu não vejo nada.",
        ),
        "billing.invoice": (
            "Preciso de uma factura de {order} em nome da empresa.",
            "Podem enviar-me o recibo de {order}? Não recebi.",
            "A factura de {order} tem o nome errado.",
            "O meu contabilista pede a factura de {order} com o IVA à parte.",
        ),
        "product.defect": (
            "Abri a caixa e «{product}» vem partido.",
            "A qualidade de «{product}» não é a da fotografia.",
            "Faltava uma peça de «{product}» e não o posso usar.",
        ),
        "product.question": (
            "O artigo «{product}» serve para uma família de seis?",
            "Qual é a diferença entre «{product}» e o mais barato?",
            "Têm mais fotografias de «{product}»?",
            "O que dizem outros clientes de «{product}»?",
        ),
        "product.availability": (
            "A página diz que «{product}» está esgotado. Quando volta?",
            "Têm «{product}» em {town}?",
            "Preciso de dez unidades de «{product}». Têm?",
            "Podem reservar-me «{product}» até ao fim do mês?",
        ),
        "returns.how": (
            "Quero devolver «{product}». O que faço?",
            "Não é o que esperava. Como devolvo {order}?",
            "Quem paga o transporte se eu devolver {order} de {town}?",
            "Quantos dias tenho para devolver «{product}»?",
        ),
        "returns.exchange": (
            "Posso trocar «{product}» por outra coisa e pagar a diferença?",
            "A minha irmã já tem «{product}». Pode trocar-se?",
            "Prefiro outro modelo em vez de «{product}», da encomenda {order}.",
        ),
        "account.login": (
            "Não consigo entrar, o código não chega ao meu telefone.",
            "A senha não é aceite e o e-mail para a mudar não chega.",
            "Diz que a minha conta está bloqueada e não fiz nada.",
            "Mudei de número e agora não consigo entrar.",
        ),
        "account.details": (
            "Tenho um número novo. Actualizem a minha conta, por favor.",
            "O meu nome está mal escrito na conta.",
            "Quero que a minha cidade seja {town}.",
            "Não quero mais ofertas por SMS, só os avisos de entrega.",
        ),
    },
    detail={
        "delivery.wrong_item": (
            "Não mexi no resto da caixa.",
            "Tenho fotografias da etiqueta.",
            "Preciso disto esta semana.",
        ),
        "delivery.address_change": (
            "O meu número é o mesmo.",
            "Se custar mais, eu pago.",
            "É fácil de encontrar.",
        ),
        "billing.invoice": ("É para os impostos.", "Um PDF por e-mail chega.", "O nome está na minha conta."),
        "product.defect": (
            "Também mandei fotos por e-mail.",
            "Tenho a caixa e o recibo.",
            "Não foi barato, esperava mais.",
        ),
        "delivery": (
            "Liguei ao estafeta e ele não sabe de nada.",
            "O seguimento não muda desde ontem.",
            "Há gente em casa o dia todo.",
            "Preciso disto para uma festa.",
        ),
        "billing": (
            "Tenho a mensagem do pagamento e posso enviar.",
            "O banco diz que o dinheiro já saiu.",
            "É fim do mês e faz-me falta.",
            "Nunca me tinha acontecido convosco.",
        ),
        "product": (
            "Foi uma amiga que me recomendou.",
            "A descrição não diz.",
            "É para a minha mãe.",
            "Quero ter a certeza antes de pagar.",
        ),
        "account.details": (
            "Compro convosco há muito tempo.",
            "O resto fica igual.",
            "Não encontrei onde mudar eu próprio.",
        ),
        "returns": (
            "Não usei.",
            "Tenho a caixa e o recibo.",
            "A página das devoluções não abre no meu telefone.",
            "Trabalho até às seis.",
        ),
        "account": (
            "Já tentei no telefone e no computador.",
            "Na semana passada funcionava.",
            "Compro convosco há muito tempo.",
            "Não quero perder as minhas encomendas.",
        ),
    },
    plea={
        "calm": (
            "Obrigado.",
            "Desde já agradeço.",
            "Fico à espera.",
            "Bom dia para todos.",
            "Aguardo resposta.",
        ),
        "worried": (
            "Digam-me algo depressa, por favor.",
            "Alguém me pode ligar?",
            "Por favor não me deixem assim.",
            "Agradeço que verifiquem.",
        ),
        "angry": (
            "Resolvam hoje ou compro noutro lado.",
            "Quero o meu dinheiro.",
            "Não me mandem mais mensagens automáticas.",
            "É a última vez que encomendo.",
        ),
    },
    brisk={
        "delivery.late": ("onde está {order}?", "{order} não chega", "já vai com {days} de atraso, {order}"),
        "delivery.where": ("novidades de {order}?", "quando chega {order} a {town}?"),
        "delivery.wrong_item": ("isto não é {product}", "{order} não é meu"),
        "delivery.address_change": ("posso mudar a morada de {order}?", "{order} no escritório por favor"),
        "billing.payment_failed": ("não consigo pagar {order}", "pagamento falhou, {order}"),
        "billing.double_charge": ("{amount} duas vezes, porquê?", "{code} o que é isto?"),
        "billing.refund_missing": ("e o meu dinheiro de {order}?", "ainda sem reembolso, {order}"),
        "billing.invoice": ("factura de {order} por favor", "falta o recibo de {order}"),
        "product.defect": ("{product} veio mal", "problema com {product}, {order}"),
        "product.question": ("dúvida rápida: {product}", "{product} é bom?"),
        "product.availability": ("há {product}?", "quando volta {product}?"),
        "returns.how": ("como devolvo {order}?", "quero devolver {product}"),
        "returns.exchange": ("quero trocar {product}", "{product} não era o que queria"),
        "account.login": ("não consigo entrar", "o código não chega"),
        "account.details": ("mudem o meu número por favor", "o meu nome está errado"),
    },
    greet=(
        "Olá {name}, sou {agent} da {brand}.",
        "Olá {name}, fala {agent}.",
        "Obrigado por nos escrever, {name}. Chamo-me {agent}.",
        "Boas, {name}. Sou {agent} e vou tratar disto.",
    ),
    warmth={
        "calm": (
            "Obrigado por nos contar; vejo isto consigo com todo o gosto.",
            "Obrigado por explicar tão bem, ajuda-me muito.",
            "Fico consigo até ter a sua resposta.",
        ),
        "worried": (
            "Percebo que não saber é o pior, por isso não o deixo sem notícias.",
            "Não se preocupe, trato eu disto.",
            "Compreendo a sua preocupação; eu também a teria.",
        ),
        "angry": (
            "Tem toda a razão em estar zangado e lamento mesmo muito.",
            "Eu também ficaria zangado. Confiou em nós.",
            "Estou a ouvi-lo, e não devia ter sido preciso escrever isto.",
        ),
    },
    regret={
        "delivery.where": (
            "Percebo que queira saber.",
            "Deixe-me ver onde está.",
            "Vejo isso com todo o gosto.",
        ),
        "delivery.address_change": ("Isso pode fazer-se.", "Sem problema.", "Obrigado por avisar a tempo."),
        "billing.invoice": ("Com certeza.", "Envio com todo o gosto.", "Faz bem em pedir."),
        "product.defect": (
            "Lamento muito.",
            "Isso não devia acontecer.",
            "Não é a qualidade que prometemos.",
        ),
        "delivery": (
            "Lamento a espera.",
            "Peço desculpa pelo transtorno com a entrega.",
            "Desculpe o atraso.",
        ),
        "billing": (
            "Lamento o problema com o pagamento.",
            "Peço desculpa pela confusão com a cobrança.",
            "Desculpe o transtorno com o seu dinheiro.",
        ),
        "product": ("Ajudo com todo o gosto.", "Deixe-me ver.", "Vamos resolver isto."),
        "returns": (
            "Sem problema, devolver é grátis durante 14 dias.",
            "Claro que sim, é possível.",
            "Com certeza, eu ajudo.",
        ),
        "account": (
            "Vamos recuperar o seu acesso.",
            "Posso fazer isso por si.",
            "Lamento o problema com a conta.",
        ),
    },
    check={
        "product.defect/food": (
            "Pergunto à quinta sobre «{product}» e respondo {when}.",
            "Não devia ter chegado assim. Digo-lhe {when} o que podemos fazer.",
        ),
        "delivery.late": (
            "Estou a ligar ao estafeta de {town} por causa de {order} e digo-lhe a nova hora {when}.",
            "Abri uma busca de {order}. Tem notícias minhas {when}.",
        ),
        "delivery.where": (
            "Estou a ver o último registo de {order} e escrevo-lhe {when}.",
            "A encomenda {order} já saiu. Pergunto a hora e aviso {when}.",
        ),
        "delivery.wrong_item": (
            "Peço que preparem o artigo certo, «{product}», e aviso {when}.",
            "Pedi ao armazém para verificar {order}; respondo {when}.",
        ),
        "delivery.address_change": (
            "Pedi a mudança de morada de {order} e confirmo {when}.",
            "A encomenda {order} ainda não saiu, por isso há tempo. Confirmo {when}.",
        ),
        "billing.payment_failed": (
            "Procuro o seu pagamento de {amount} nos nossos registos e digo-lhe {when}.",
            "Reservei {order} para si e confirmo o pagamento {when}.",
        ),
        "billing.double_charge": (
            "Vejo duas cobranças de {amount} em {order}. As finanças verificam {code} e respondo {when}.",
            "Pedi a devolução da segunda cobrança e confirmo {when}.",
        ),
        "billing.refund_missing": (
            "Pergunto às finanças onde estão os {amount} e escrevo {when}.",
            "A devolução de {order} está registada. Sigo o reembolso e aviso {when}.",
        ),
        "billing.invoice": (
            "Preparo a factura de {order} e envio {when}.",
            "Passei os seus dados à contabilidade; recebe a factura {when}.",
        ),
        "product.defect": (
            "Pergunto à oficina sobre «{product}» e respondo {when}.",
            "A garantia cobre isso. Preparo um novo e confirmo {when}.",
        ),
        "product.question": (
            "Pergunto à colega que compra «{product}» e respondo {when}.",
            "Vejo a ficha de «{product}» e escrevo {when}.",
        ),
        "product.availability": (
            "Verifico os armazéns por «{product}» e digo-lhe {when}.",
            "O artigo «{product}» vem a caminho. Confirmo a data {when}.",
        ),
        "returns.how": (
            "Marco a recolha de «{product}» em {town} e mando a hora {when}.",
            "Pode devolver {order} por nossa conta. Envio a etiqueta {when}.",
        ),
        "returns.exchange": (
            "Vejo se há outro «{product}» e digo-lhe {when}.",
            "A troca de «{product}» está em andamento; confirmo {when}.",
        ),
        "account.login": (
            "Reponho o seu acesso e confirmo {when}.",
            "Perguntei porque é que o código não chega; escrevo {when}.",
        ),
        "account.details": (
            "Mudo isso na sua conta e confirmo {when}.",
            "Anotei a alteração. Vai vê-la {when}.",
        ),
    },
    asks={
        "delivery": (
            ("O seu número continua o mesmo?", ("Sim, o mesmo número.", "Sim, liguem quando chegarem.")),
            (
                "Há alguma referência perto de sua casa?",
                ("Em frente à bomba de gasolina, portão azul.", "Ao lado da escola."),
            ),
        ),
        "billing": (
            ("Pode enviar-me o código do pagamento?", ("O código é {code}.", "{code}, já mandei a captura.")),
            (
                "De que número pagou?",
                ("Da minha linha, código {code}.", "Do telefone da minha mulher, foram {amount}."),
            ),
        ),
        "billing.invoice": (
            ("Em que nome a faço?", ("No da empresa, como na encomenda.", "No meu nome está bem.")),
        ),
        "product": (
            (
                "Para que o vai usar?",
                ("Para casa, todos os dias.", "Para a minha loja em {town}.", "É um presente."),
            ),
        ),
        "product.defect": (
            ("Pode mandar-me uma fotografia?", ("Fotografia enviada.", "Mandei duas fotografias.")),
            ("Desde quando está assim?", ("Desde o primeiro dia.", "Vi ontem à tarde.")),
        ),
        "returns": (
            ("Ainda está na caixa?", ("Sim, com caixa e recibo.", "Sim, só abri uma vez.")),
            ("Que dia lhe convém para a recolha?", ("No sábado de manhã.", "Qualquer dia depois das cinco.")),
        ),
        "account": (
            (
                "Que número tem a conta?",
                ("O número de onde escrevo.", "O antigo acabava em 47, o novo é este."),
            ),
        ),
    },
    outcome={
        "product.defect/food": (
            "Na próxima entrega vai outro «{product}» fresco, e fica com o primeiro.",
            "Devolvi-lhe {amount} por «{product}» e avisei a quinta.",
        ),
        "delivery.late": (
            "Boas notícias: {order} chega a {town} {when}. Devolvemos-lhe o transporte.",
            "A encomenda {order} já está em distribuição. Tirei o custo do transporte e juntei um vale de KES 200.",
            "A encomenda {order} tinha ido para outra loja. Recebe-a {when}.",
        ),
        "delivery.where": (
            "A encomenda {order} foi registada em {town} esta manhã; conte com ela {when}.",
            "Ligam-lhe antes de chegar. Tem {order} consigo {when}.",
            "Mandei-lhe uma nova ligação de {order}, que já funciona.",
        ),
        "delivery.wrong_item": (
            "O artigo certo vem a caminho e levam o outro. Não paga nada.",
            "Trocámos duas encomendas. Recebe «{product}» {when}.",
        ),
        "delivery.address_change": (
            "Feito: {order} vai para a nova morada em {town}.",
            "A mudança de {order} está confirmada. A data é a mesma.",
        ),
        "billing.payment_failed": (
            "O pagamento de {amount} chegou e {order} está confirmada.",
            "Foi uma falha nossa e está reparada. A encomenda {order} está paga e sai hoje.",
        ),
        "billing.double_charge": (
            "Devolvemos-lhe {amount}, código {code}.",
            "As finanças confirmaram a cobrança dupla. Tem {amount} de volta {when}.",
        ),
        "billing.refund_missing": (
            "O reembolso de {amount} saiu agora mesmo, código {code}.",
            "O dinheiro tinha ido para o seu número antigo. Enviei-o outra vez para este.",
            "Tem os seus {amount} {when}; lamento a demora.",
        ),
        "billing.invoice": (
            "A factura de {order} já está no seu e-mail.",
            "Enviei a factura corrigida de {amount}.",
        ),
        "product.defect": (
            "Hoje sai um novo. Entregue o antigo ao estafeta, por favor.",
            "A oficina confirma o defeito. Escolha: outro «{product}» ou os seus {amount}.",
        ),
        "product.question": (
            "Enviei-lhe por e-mail tudo o que sabemos de «{product}», com fotografias.",
            "Perguntei à colega que compra «{product}»; a resposta está no seu e-mail e é boa notícia.",
        ),
        "product.availability": (
            "«{product}» já voltou e guardei-lhe um.",
            "O novo «{product}» chega {when}. Avisamos por mensagem.",
        ),
        "returns.how": (
            "Recolhemos «{product}» {when}. O dinheiro volta três dias depois.",
            "Mandei-lhe a etiqueta de {order}. Serve em qualquer ponto nosso.",
        ),
        "returns.exchange": (
            "O outro «{product}» está reservado; a troca faz-se {when}.",
            "A troca está feita e não há diferença a pagar.",
        ),
        "account.login": (
            "O seu acesso já funciona. Use o novo código que enviámos.",
            "A conta bloqueou por demasiadas tentativas. Já está aberta.",
        ),
        "account.details": (
            "Os seus dados estão alterados; veja, por favor.",
            "Feito. Diga-me se ainda há algo errado.",
        ),
    },
    sign_off=("Cumprimentos, {agent}", "Obrigado pela paciência.", "{agent}, {brand}", "Tenha um bom dia."),
    thanks={
        "calm": (
            "Perfeito, obrigado {agent}.",
            "Muito obrigado.",
            "Óptimo, isso ajuda.",
            "Anotado, obrigado.",
        ),
        "worried": ("Obrigado, que alívio.", "Está bem, obrigado pela ajuda.", "De acordo, então espero."),
        "angry": (
            "Está bem. Mas melhorem, por favor.",
            "Até que enfim. Obrigado.",
            "Vamos ver se é verdade.",
        ),
    },
    again={
        "product.defect": ("Voltou a acontecer esta manhã.", "O novo tem o mesmo problema."),
        "delivery": (
            "Olá outra vez, não chegou nada.",
            "O estafeta não apareceu. Abram isto de novo, por favor.",
        ),
        "billing": ("O dinheiro continua sem chegar.", "Vi a minha conta e nada mudou."),
        "product": ("Continuo sem uma resposta clara.", "O e-mail que prometeram não chegou."),
        "returns": ("Ninguém veio buscar.", "A etiqueta não abre.", "Mandaram outra vez o mesmo tamanho."),
        "account": ("Funcionou uma vez e agora já não.", "Ainda aparece o número antigo."),
    },
    again_reply=(
        "Lamento, {name}, isso devia ter ficado resolvido. Tratei eu do assunto e está feito.",
        "Obrigado por voltar, {name}. Encontrei o que faltava e está corrigido.",
        "Tem razão, {name}. Desta vez verifiquei passo a passo e ficou feito.",
    ),
    comment={
        "low": {
            "delivery.late": ("Muito tarde e sem avisar.", "Esperei dias pela encomenda."),
            "delivery": (
                "A caixa chegou estragada.",
                "O estafeta não foi simpático.",
                "Ninguém soube dizer onde estava.",
            ),
            "billing": ("O meu dinheiro esteve fora tempo demais.", "Tive de explicar três vezes."),
            "product": ("Não me deram uma resposta clara.", "Esperava mais por este preço."),
            "returns": ("Devolver deu muito trabalho.", "Ninguém veio buscar."),
            "account": ("Ainda custa entrar.", "Tempo demais para uma coisa pequena."),
        },
        "middle": {
            "delivery.late": ("Acabou por chegar.", "Está bem, mas não cumpriram a data."),
            "delivery": ("Normal.", "Bem, mas a caixa vinha amassada."),
            "billing": ("Resolvido, mas devagar.", "O dinheiro voltou ao fim de uns dias."),
            "product": ("Está bem pelo preço.", "Normal."),
            "returns": ("Funcionou, com espera.", "A etiqueta era confusa."),
            "account": ("Já funciona.", "Podia ser mais simples."),
        },
        "high": {
            "delivery.late": ("Um pouco tarde, mas avisaram.", "Valeu a pena esperar."),
            "delivery": (
                "Chegou como prometido, obrigado.",
                "Rápido e bem embalado.",
                "Tudo bem aqui em {town}.",
            ),
            "billing": ("Devolveram o dinheiro no mesmo dia.", "{agent} explicou tudo muito bem."),
            "product": ("Bom conselho, comprei.", "Gosto muito, dá imenso jeito."),
            "returns": ("A devolução mais fácil que já fiz.", "{agent} foi muito simpático."),
            "account": ("Resolvido em minutos.", "Muita paciência comigo."),
        },
    },
    recommend={
        "low": (
            "Não posso confiar nas datas.",
            "Demasiados problemas com pagamentos.",
            "Outras lojas respondem mais depressa.",
        ),
        "middle": (
            "Boa loja, a entrega podia ser mais rápida.",
            "Bem para coisas pequenas.",
            "Umas vezes muito bem, outras não.",
        ),
        "high": (
            "Ajudam-me sempre.",
            "Recomendo aos meus amigos.",
            "Bons preços e cumprem a palavra.",
            "A melhor loja em {town} para mim.",
        ),
    },
)
