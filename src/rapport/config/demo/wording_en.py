"""English, as it is written in Kenya."""

# ruff: noqa: E501 - a sentence stays on one line, so that a translator sees it whole

from rapport.config.demo.wording import Wording

ENGLISH = Wording(
    language="en",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    today="today by {hour}",
    tomorrow="tomorrow by {hour}",
    on_day="by {weekday} {hour}",
    one_day="one day",
    many_days="{count} days",
    subject={
        "delivery.late": ("Order {order} is late", "Still waiting for {order}", "Late delivery to {town}"),
        "delivery.where": (
            "Where is {order}?",
            "Tracking of order {order}",
            "When will my parcel reach {town}?",
        ),
        "delivery.wrong_item": ("Wrong item in {order}", "Not what I ordered ({order})"),
        "delivery.address_change": ("New address for {order}", "Please deliver {order} elsewhere"),
        "billing.payment_failed": ("Payment for {order} failed", "M-Pesa does not go through, {order}"),
        "billing.double_charge": ("Charged twice for {order}", "Double payment {code}"),
        "billing.refund_missing": ("Refund for {order} not received", "Where is my money back for {order}?"),
        "billing.invoice": ("Invoice for {order}", "Receipt needed for {order}"),
        "product.defect": ("the {product} is faulty", "Problem with the {product} from {order}"),
        "product.question": ("Question about the {product}", "Before I buy the {product}"),
        "product.availability": ("Is the {product} in stock?", "When is the {product} back?"),
        "returns.how": ("How do I return the {product}?", "Return of {order}"),
        "returns.exchange": ("Exchange the {product}", "Different size or colour, {order}"),
        "account.login": ("Cannot sign in", "Locked out of my account"),
        "account.details": ("Change my details", "New phone number"),
    },
    hello={
        "calm": ("Hello.", "Hi there.", "Hello team.", "Hi, hope you are well.", "Good day.", "Hi {brand}."),
        "worried": (
            "Hello, please help.",
            "Hi, I am a bit worried.",
            "Hello, kindly assist.",
            "Hi, quick one please.",
        ),
        "angry": (
            "This is not acceptable.",
            "I am really disappointed.",
            "Hello, I am fed up.",
            "Honestly, what is going on?",
            "I expected better from {brand}.",
        ),
    },
    cause={
        "product.defect/electric": (
            "The {product} from {order} stopped working after two days.",
            "The {product} does not switch on at all. The order was {order}.",
            "My {product} makes a strange noise and gets very hot.",
            "The {product} works for ten minutes and then goes off.",
            "There is a crack on the side of the {product}, and now it does not charge.",
        ),
        "product.defect/wear": (
            "A seam of the {product} is already open after one week.",
            "The colour of the {product} came off in the first wash.",
            "The {product} from {order} came with a stain on it.",
            "The {product} has a hole that I saw only at home.",
            "The {product} feels much thinner than the photo shows.",
        ),
        "product.defect/food": (
            "Half of the {product} from {order} was spoilt when I opened it.",
            "The {product} came open and leaked into the bag.",
            "The date on the {product} has already passed.",
            "The {product} from {order} does not taste fresh.",
        ),
        "product.question/electric": (
            "Does the {product} come with a warranty, and for how long?",
            "Can I use the {product} with solar power at home?",
            "How many watts does the {product} take?",
            "Is there a service point for the {product} in {town}?",
        ),
        "product.question/wear": (
            "Which sizes or colours does the {product} come in?",
            "Can I wash the {product} in a machine?",
            "What is the {product} made of?",
        ),
        "product.question/food": (
            "Where is the {product} grown?",
            "How long does the {product} keep without a fridge?",
            "Is the {product} organic?",
            "Which day does the {product} come to {town}?",
        ),
        "returns.exchange/wear": (
            "The {product} is too small. Can I exchange it for the next size?",
            "I would like the {product} from {order} in another colour.",
            "The {product} does not fit. I want another one, not a refund.",
            "I took the wrong size of the {product}. Can the rider swap it?",
        ),
        "delivery.late": (
            "My order {order} was to come on {promised} and I am still waiting.",
            "You promised the {product} by {promised}. It is now {days} late and nobody has called.",
            "Order {order} is {days} late. The rider has not called and the tracking has not moved.",
            "I paid for the {product} and was told {promised}. Nothing has come to {town} up to now.",
            "It has been {days} since the date you gave me for {order}.",
            "Where are you people with my {product}? The promised date was {promised}.",
            "I stayed home on {promised} for the delivery of {order} and nobody showed up.",
            "The {product} was a gift, and it is {days} past the date you promised.",
            "Your SMS said {order} would reach {town} on {promised}. It did not.",
        ),
        "delivery.where": (
            "I would like to know where order {order} is right now.",
            "Has the {product} left your store already? The order is {order}.",
            "Can you tell me when {order} will reach {town}?",
            "I got an SMS that {order} is on its way, but the link shows nothing.",
            "Which courier is bringing {order}, and will they call before they come?",
            "Just checking on my {product}. Will it be here by {promised} as promised?",
            "I am travelling soon and want to be in {town} when {order} arrives. What time should I expect it?",
        ),
        "delivery.wrong_item": (
            "I ordered the {product} and the box has something else in it.",
            "Order {order} came today, but it is somebody else's parcel.",
            "The colour of the {product} in {order} is not the one I chose.",
            "I opened {order} and the {product} is missing; there is another item instead.",
            "You sent me one piece short in {order}, and one thing that I never ordered.",
            "The label on the parcel says {order} but inside is not my {product}.",
        ),
        "delivery.address_change": (
            "I have moved. Can {order} go to my new place in {town}?",
            "Please have {order} delivered to my office in {town} instead of my home.",
            "I put the wrong estate on {order}. Can it still be changed?",
            "I will not be at home. Can the rider leave {order} at the shop next to the stage in {town}?",
            "Could you hold {order} at your pick-up point in {town}? I will collect it myself.",
        ),
        "billing.payment_failed": (
            "I tried to pay {amount} for {order} and M-Pesa says failed.",
            "The payment for {order} keeps failing although I have the money.",
            "I entered my PIN for {amount}, got an error, and now I do not know whether {order} is paid.",
            "The STK push for {order} never reached my phone.",
            "Your checkout shows 'payment failed' for {order}. I have tried three times.",
            "I get a timeout whenever I pay for the {product}. Is it on your side?",
        ),
        "billing.double_charge": (
            "I was charged {amount} twice for {order}. The second code is {code}.",
            "M-Pesa took {amount} two times for the same {product}.",
            "My statement has {order} two times. I bought only one {product}.",
            "Please check {code}: the same {amount} went out again a minute later.",
            "I paid once for {order} and you took the money twice. I need my {amount} back.",
            "Two messages from M-Pesa, both {amount}, one order: {order}.",
        ),
        "billing.refund_missing": (
            "I returned the {product} and the refund of {amount} has not come.",
            "You said three days for the refund of {order}. It is more than a week now.",
            "I am still waiting for my {amount} for {order}.",
            "The return of {order} was accepted, but there is no money in my M-Pesa.",
            "Who can tell me what happened to the refund for the {product}? The order was {order}.",
            "Your mail says that {amount} was sent back. I see nothing on my side.",
        ),
        "billing.invoice": (
            "I need an invoice for {order} with our company PIN on it.",
            "Can you send me the receipt for {order}? I did not get one.",
            "The invoice for {order} shows {amount}, but our name is spelt wrong.",
            "Our accountant needs an eTIMS invoice for {order}.",
            "Please send one invoice for the {product} with the VAT shown separately.",
        ),
        "product.defect": (
            "I unpacked the {product} and something in it is broken.",
            "The quality of the {product} is not what the photo shows.",
            "One part of the {product} was missing in the box.",
            "It is the second {product} from you that I have to complain about.",
        ),
        "product.question": (
            "Is the {product} fine for a family of six?",
            "What is the difference between the {product} and the cheaper one next to it?",
            "Is the {product} made in Kenya? I prefer to buy local.",
            "How long does the {product} last if it is used every day?",
            "Is there a bigger version of the {product}?",
            "Do you have more photos of the {product}?",
            "What do other customers say about the {product}?",
        ),
        "product.availability": (
            "Your site says the {product} is sold out. When will you have it again?",
            "Do you have the {product} at the pick-up point in {town}?",
            "I need ten pieces of {product}. Do you have that many?",
            "I saw the {product} last week and now it is gone from the page.",
            "Can I reserve the {product} until payday?",
        ),
        "returns.how": (
            "I want to send the {product} back. What do I do?",
            "the {product} is not what I expected. How do I return {order}?",
            "Who pays for the courier when I return {order} from {town}?",
            "How many days do I have to return the {product}?",
            "Can the rider pick up {order} again, or must I bring it to you?",
            "I changed my mind about the {product}; it is still in its box.",
        ),
        "returns.exchange": (
            "Can I swap the {product} for something else and pay the difference?",
            "My sister already has the {product}. Can I exchange it?",
            "I would rather have another model than the {product} from {order}.",
            "I want to exchange the {product}, not a refund.",
        ),
        "account.login": (
            "I cannot sign in. The code never comes to my phone.",
            "My password is not accepted and the reset mail does not arrive.",
            "It says my account is locked, but I did nothing wrong.",
            "I changed my line and now I cannot get into my account.",
            "The app signs me out every time I look at the {product}.",
        ),
        "account.details": (
            "I have a new phone number. Please update my account.",
            "My name is spelt wrong in my account.",
            "Please change my default town to {town}.",
            "I want my mails to go to another address from now on.",
            "Please stop the SMS offers, but keep the delivery messages.",
        ),
    },
    detail={
        "delivery.wrong_item": (
            "I have not touched the rest of the box.",
            "I have taken photos of the label.",
            "I need the right one this week.",
        ),
        "delivery.address_change": (
            "My phone number stays the same.",
            "It is near the main stage, easy to find.",
            "I can pay if it costs more.",
        ),
        "billing.invoice": (
            "I need it for the tax return.",
            "A PDF by mail is enough.",
            "The company name is in my account.",
        ),
        "product.defect": (
            "I use it at home, nothing special.",
            "I have sent photos to your mail as well.",
            "The box and the receipt are still here.",
            "It was not cheap, so I expected more.",
        ),
        "delivery": (
            "I called the courier and they do not know anything.",
            "The tracking page has said the same thing since yesterday.",
            "I have somebody at home all day, so it is not that.",
            "We live near the main stage, it is easy to find.",
            "My phone is on the whole time.",
            "It is needed for a family event.",
            "The last order came on time, so I am surprised.",
        ),
        "billing": (
            "I have the M-Pesa message and can send a screenshot.",
            "My bank says that the money has left.",
            "It is the end of the month and I need that money.",
            "I have not deleted any message, everything is here.",
            "This has never happened to me with you before.",
            "I already wrote about it last week.",
        ),
        "product": (
            "A friend recommended it to me.",
            "I read the description twice and it does not say.",
            "It is for my mother.",
            "I can wait for a good offer.",
            "I want to be sure before I pay.",
        ),
        "account.details": (
            "I have been buying from you for a long time.",
            "The rest stays as it is.",
            "My old line is no longer with me.",
            "I could not find where to do it myself.",
        ),
        "returns": (
            "The tags are still on.",
            "I have not used it.",
            "I still have the box and the receipt.",
            "The page about returns did not open on my phone.",
            "I work until six, so an evening pick-up would be best.",
            "It was a gift for my brother.",
        ),
        "account": (
            "I have tried on my phone and on a laptop.",
            "It worked last week.",
            "I have been buying from you for a long time.",
            "I do not want to lose my order history.",
            "My old line is no longer with me.",
        ),
    },
    plea={
        "calm": (
            "Thank you.",
            "Thanks in advance.",
            "Please let me know.",
            "Have a nice day.",
            "Waiting to hear from you.",
            "Asante.",
        ),
        "worried": (
            "Please let me know soon.",
            "Kindly check for me.",
            "I would feel better if somebody told me what is happening.",
            "Can somebody call me?",
            "Please do not leave me hanging.",
        ),
        "angry": (
            "Fix this today or I will buy elsewhere.",
            "I want my money back.",
            "Do not send me another automatic message.",
            "I will tell everybody about this.",
            "I need an answer now.",
            "This is the last time I order from you.",
        ),
    },
    brisk={
        "delivery.late": (
            "where is {order}???",
            "{order} still not here",
            "{days} late now, {order}",
            "rider? {order}",
        ),
        "delivery.where": (
            "any update on {order}?",
            "{order} where is it now",
            "when does {order} reach {town}",
        ),
        "delivery.wrong_item": (
            "wrong thing in {order}",
            "{order} is not my parcel",
            "this is not {product}",
        ),
        "delivery.address_change": ("can i change address for {order}", "{order} to my office pls"),
        "billing.payment_failed": (
            "money gone, {order} not paid?",
            "mpesa failing for {order}",
            "stk push not coming {order}",
        ),
        "billing.double_charge": ("{amount} twice??", "{code} what is this", "double deduction {order}"),
        "billing.refund_missing": ("refund {order} please", "still no refund, {order}", "my {amount}?"),
        "billing.invoice": ("invoice for {order} pls", "need receipt {order}"),
        "product.defect": (
            "{product} already spoilt",
            "{product} issue, pls call",
            "{order}: {product} no good",
        ),
        "product.question": (
            "quick question about {product}",
            "is {product} any good?",
            "more info on {product}",
        ),
        "product.availability": ("{product} in stock?", "when is {product} back"),
        "returns.how": ("return {order} how?", "want to send {product} back"),
        "returns.exchange": ("want to exchange {product}", "{product} not what i wanted"),
        "account.login": ("cant log in", "code not coming", "account locked??"),
        "account.details": ("pls update my number", "change my name in the account pls"),
    },
    greet=(
        "Hello {name}, this is {agent} from {brand}.",
        "Hi {name}, {agent} here.",
        "Good to hear from you, {name}. My name is {agent}.",
        "Hello {name}, thank you for writing to us. I am {agent}.",
        "Hi {name}, thanks for getting in touch. {agent} from {brand} here.",
    ),
    warmth={
        "calm": (
            "Thank you for coming to us with this; I am happy to look at it with you.",
            "Thank you for telling us so clearly, that helps me a lot.",
            "I am glad you asked, and I will stay with this until you have your answer.",
        ),
        "worried": (
            "I understand that not knowing is the worst part, so I will not leave you without news.",
            "I can see why that worries you; it would worry me too.",
            "Please do not worry, I am looking after this myself.",
        ),
        "angry": (
            "You have every reason to be upset, and I am truly sorry for what this did to your day.",
            "I would be angry too. You trusted us with your money and your time.",
            "I hear you, and you should not have had to write this message.",
        ),
    },
    regret={
        "delivery.where": (
            "I understand that you want to know.",
            "Let me see where it is.",
            "Happy to check that for you.",
        ),
        "delivery.address_change": (
            "That can be done.",
            "No problem at all.",
            "Thanks for telling us in time.",
        ),
        "billing.invoice": ("Of course.", "Happy to send that.", "You are right to ask for it."),
        "product.defect": (
            "I am sorry about that.",
            "That should not happen.",
            "Sorry, that is not the quality we promise.",
        ),
        "delivery": (
            "I am sorry about the wait.",
            "Sorry for the trouble with the delivery.",
            "I apologise that the parcel gave you work.",
        ),
        "billing": (
            "I am sorry about the payment trouble.",
            "Sorry that your money is stuck.",
            "I apologise for the confusion with the payment.",
        ),
        "product": ("I am glad to help with that.", "Let me look at this for you.", "Let us sort this out."),
        "returns": (
            "No problem, returns are free for 14 days.",
            "Of course, we can do that.",
            "That is fine, I will help.",
        ),
        "account": (
            "Let us get you back in.",
            "I can do that for you.",
            "Sorry for the trouble with your account.",
        ),
    },
    check={
        "product.defect/food": (
            "I am asking the farm about the {product} and will come back to you {when}.",
            "That is not how it should reach you. I will tell you {when} what we can do.",
        ),
        "delivery.late": (
            "I am calling the courier in {town} about {order} and will tell you the new time {when}.",
            "Order {order} is stuck at the sorting centre. I have asked for it to go out first and will confirm {when}.",
            "I have opened a trace for {order}. You will hear from me {when}.",
        ),
        "delivery.where": (
            "I am checking the last scan of {order} and will write to you {when}.",
            "{order} has left our store. I am asking the rider for the time and will tell you {when}.",
        ),
        "delivery.wrong_item": (
            "I am having the right {product} packed and will tell you {when} when the rider comes.",
            "I have asked our store to check {order} on camera; you get my answer {when}.",
        ),
        "delivery.address_change": (
            "I have asked the courier to change the address of {order} and will confirm {when}.",
            "{order} has not left our store yet, so there is time. I will confirm the new address {when}.",
        ),
        "billing.payment_failed": (
            "I am looking for your payment of {amount} in our M-Pesa records and will tell you {when}.",
            "I have kept {order} reserved for you and will confirm the payment {when}.",
        ),
        "billing.double_charge": (
            "I see two entries of {amount} for {order}. Our finance team checks {code} and I will answer {when}.",
            "I have asked for the second payment to be sent back and will confirm {when}.",
        ),
        "billing.refund_missing": (
            "I am checking with finance where the {amount} is, and will write to you {when}.",
            "The return of {order} is booked. I am following the refund and will have news {when}.",
        ),
        "billing.invoice": (
            "I am preparing the invoice for {order} and will send it {when}.",
            "I have passed your details to accounts; the corrected invoice reaches you {when}.",
        ),
        "product.defect": (
            "I am asking our workshop about the {product} and will come back to you {when}.",
            "That is covered by the warranty. I am arranging a new {product} and will confirm {when}.",
        ),
        "product.question": (
            "I am asking the colleague who buys the {product} and will answer {when}.",
            "Let me look at the maker's sheet of the {product}; I will write {when}.",
        ),
        "product.availability": (
            "I am checking our stores for the {product} and will tell you {when}.",
            "New stock of the {product} is on the way. I will confirm the date {when}.",
        ),
        "returns.how": (
            "I am booking a rider in {town} to pick up the {product} and will send you the time {when}.",
            "You can send {order} back at our cost. I will mail you the label {when}.",
        ),
        "returns.exchange": (
            "I am checking whether the other {product} is in stock and will tell you {when}.",
            "I have put the exchange of the {product} in hand and will confirm {when}.",
        ),
        "account.login": (
            "I am resetting your sign-in and will confirm {when}.",
            "I have asked our technical team why the code does not arrive; you hear from me {when}.",
        ),
        "account.details": (
            "I am changing that in your account and will confirm {when}.",
            "I have noted the change. It will be visible {when}.",
        ),
    },
    asks={
        "delivery": (
            (
                "Is your phone number still the same?",
                ("Yes, same number.", "Yes, call me when you are close."),
            ),
            (
                "Could you tell me a landmark near you?",
                (
                    "Opposite the petrol station, blue gate.",
                    "Near the primary school, ask for the second gate.",
                ),
            ),
            (
                "Is somebody at home after 17:00?",
                ("Somebody is there until eight in the evening.", "Yes, I am back by half past five."),
            ),
        ),
        "billing": (
            (
                "Could you send me the payment code?",
                ("The code is {code}.", "{code}, screenshot sent to your mail."),
            ),
            (
                "From which number did you pay?",
                ("From my own line, code {code}.", "From my wife's phone, code {code}."),
            ),
            (
                "At what time did you pay?",
                ("A few minutes after the order.", "Around lunch time, it was {amount}."),
            ),
        ),
        "billing.invoice": (
            ("Which name should stand on it?", ("The company name, as in my order.", "My own name is fine.")),
            (
                "Is the mail address in your account right for it?",
                ("Yes, send it there.", "Yes, and please copy my accountant."),
            ),
        ),
        "product": (
            (
                "What will you use it for?",
                ("For the house, every day.", "For my small shop in {town}.", "It is a present."),
            ),
            (
                "Shall I answer here or by mail?",
                ("Here is fine.", "By mail please, then I can show it to my husband."),
            ),
        ),
        "product.defect": (
            ("Could you send me a photo?", ("Photo sent.", "I have sent two photos.")),
            ("Since when is it like that?", ("Since the first day.", "I saw it yesterday evening.")),
        ),
        "returns": (
            ("Is it still in its box?", ("Yes, box and receipt are here.", "Yes, I only opened it once.")),
            ("Which day suits you for the pick-up?", ("Saturday morning is best.", "Any day after five.")),
        ),
        "account": (
            (
                "Which phone number is on the account?",
                ("The number I am writing from.", "The old line ended in 47, the new one is this."),
            ),
            (
                "Did you try it on another phone too?",
                ("Yes, same thing on my sister's phone.", "No, I only have this one."),
            ),
        ),
    },
    outcome={
        "product.defect/food": (
            "A fresh {product} comes with the next rider, and you keep the other one.",
            "I have sent you {amount} back for the {product} and told the farm.",
        ),
        "delivery.late": (
            "Good news: the rider has the {product} and will be in {town} {when}. The delivery fee goes back to you.",
            "{order} is out for delivery now. I have taken the delivery fee off and added a voucher of KES 200.",
            "The courier found {order}; it had been sent to the wrong branch. It reaches you {when}.",
            "{order} has been handed over now, and I have written to the courier about the delay.",
        ),
        "delivery.where": (
            "{order} was scanned in {town} this morning; expect it {when}.",
            "The rider will call you before he comes. {order} should be with you {when}.",
            "I have sent you a new tracking link for {order}; it works now.",
        ),
        "delivery.wrong_item": (
            "The right {product} is on its way, and the rider takes the other one back. It costs you nothing.",
            "We mixed up two parcels. Your {product} reaches you {when}.",
        ),
        "delivery.address_change": (
            "Done: {order} goes to the new address in {town}.",
            "The courier has confirmed the change for {order}. The date stays the same.",
        ),
        "billing.payment_failed": (
            "The payment of {amount} has arrived and {order} is confirmed.",
            "The first attempt was reversed by M-Pesa, the second one is fine. {order} is paid.",
            "It was a fault on our side and is repaired. {order} is paid and will be sent today.",
        ),
        "billing.double_charge": (
            "{amount} is on its way back to your M-Pesa, code {code}.",
            "Finance confirmed the double payment. You will have {amount} back {when}.",
            "The second {amount} was only held, not taken; your bank has released it.",
        ),
        "billing.refund_missing": (
            "The refund of {amount} was sent just now, code {code}.",
            "The refund had gone to your old number. I have sent it again to this one.",
            "Your {amount} will be with you {when}; I am sorry that it took so long.",
        ),
        "billing.invoice": (
            "The invoice for {order} is in your mail now.",
            "I have sent the corrected invoice over {amount} with your PIN.",
        ),
        "product.defect": (
            "A new {product} leaves our store today. Please hand the old one to the rider.",
            "Our workshop agrees that it is a fault. You can choose: a new {product} or your {amount} back.",
            "I have sent you the missing part and a short video; the {product} should work with it.",
        ),
        "product.question": (
            "I have put everything we know about the {product} into a mail for you, with photos.",
            "I asked the colleague who buys the {product}; her answer is in your mail, and it is good news.",
            "The page of the {product} now answers your question too. Thank you for asking it.",
        ),
        "product.availability": (
            "the {product} is back in stock; I have kept one for you.",
            "The new {product} comes {when}. You will get a message from us.",
            "We have enough {product} for you, and there is a better price from ten pieces.",
        ),
        "returns.how": (
            "The rider picks up the {product} {when}. Your money is back three days after that.",
            "I have mailed you the label for {order}. Any of our pick-up points takes it.",
            "You have 14 days, and we pay for the courier. The label is in your mail.",
        ),
        "returns.exchange": (
            "The other {product} is reserved; the rider swaps them {when}.",
            "The exchange is booked. There is no difference to pay.",
        ),
        "account.login": (
            "Your sign-in works again. Please use the new code that we have just sent.",
            "The account was locked after too many attempts. It is open again.",
        ),
        "account.details": (
            "Your details are changed; please have a look.",
            "Done. Please tell me if anything is still wrong.",
        ),
    },
    sign_off=(
        "Have a good day, {agent}",
        "Kind regards, {agent}",
        "Thank you for your patience.",
        "{agent}, {brand}",
        "Karibu tena.",
    ),
    thanks={
        "calm": (
            "Great, thank you {agent}.",
            "Perfect, thanks.",
            "Thanks a lot, that helps.",
            "Asante sana.",
            "Noted, thank you.",
        ),
        "worried": (
            "Thank you, that is a relief.",
            "OK, thanks for sorting it.",
            "Thanks {agent}, I feel better now.",
            "Good, I will wait then.",
        ),
        "angry": (
            "OK. But please do better next time.",
            "Finally. Thanks.",
            "Fine, let us see.",
            "Thank you, still not happy about it.",
        ),
    },
    again={
        "product.defect": (
            "It happened again this morning.",
            "The new one has the same problem.",
            "I still cannot use it.",
        ),
        "delivery": (
            "Hi again, nothing has come. You said it was sorted.",
            "The rider did not show up. Please open this again.",
            "I have the parcel, but it is still not right.",
        ),
        "billing": (
            "The money is still not in my M-Pesa.",
            "I checked my statement and nothing has changed.",
            "I got half of it only. Please look again.",
        ),
        "product": (
            "I still do not have a clear answer.",
            "The mail you promised is not here.",
            "That was not what I asked.",
        ),
        "returns": (
            "Nobody came to pick it up.",
            "The label you sent does not open.",
            "I sent it back and now the shop says it never arrived.",
            "The exchange came in the same size again.",
        ),
        "account": (
            "It worked once, and now I am out again.",
            "I still get the old number in my account.",
            "The code does not come again.",
        ),
    },
    again_reply=(
        "I am sorry, {name}, that should have held. I have taken it up myself and it is settled now.",
        "Thank you for coming back, {name}. I found what was missed and have put it right.",
        "You are right, {name}. I have checked it step by step this time, and it is done.",
        "Sorry for the second round, {name}. My team lead has confirmed it, and it is closed properly now.",
    ),
    comment={
        "low": {
            "delivery.late": (
                "Too late, and nobody told me.",
                "I waited for days for the parcel.",
                "The date was not kept, not even close.",
            ),
            "delivery": (
                "The box was damaged.",
                "The rider was rude on the phone.",
                "Nobody could tell me where it was.",
                "The courier does not answer the phone.",
            ),
            "billing": (
                "My money was gone for too long.",
                "I had to explain the payment three times.",
                "Please fix your M-Pesa.",
            ),
            "product": ("I got no real answer.", "I expected more for the price.", "The quality is poor."),
            "returns": (
                "Returning it was hard work.",
                "Nobody came for the pick-up.",
                "I had to chase you for the return.",
            ),
            "account": (
                "Still cannot sign in easily.",
                "It took too long for a small thing.",
                "Too many codes and steps.",
            ),
        },
        "middle": {
            "delivery.late": (
                "It came in the end.",
                "OK, but the date was not kept.",
                "The rider was nice, the wait was not.",
            ),
            "delivery": (
                "OK, nothing special.",
                "Fine, though the box was a bit torn.",
                "The rider came without calling first.",
            ),
            "billing": (
                "Solved, but slow.",
                "The money came back after some days.",
                "Fine, though I would like clearer messages.",
            ),
            "product": ("The item is OK for the price.", "Answer was fine, nothing special.", "Average."),
            "returns": (
                "It worked, with some waiting.",
                "OK, but the label was confusing.",
                "The exchange took a while.",
            ),
            "account": ("Works now.", "OK, could be simpler.", "Sorted after a second try."),
        },
        "high": {
            "delivery.late": (
                "A bit late, but you kept me informed.",
                "Worth the wait, thank you.",
                "{town} is far, I understand the delay.",
            ),
            "delivery": (
                "Came just as promised, thank you.",
                "The rider called before he came, very good.",
                "Quick and well packed.",
                "All good here in {town}.",
            ),
            "billing": (
                "Money back the same day.",
                "{agent} explained everything, thank you.",
                "Very honest about the mistake.",
            ),
            "product": (
                "Good advice, I bought it.",
                "I love my {product}.",
                "Quick answer and a friendly person.",
            ),
            "returns": (
                "The easiest return I have ever had.",
                "Picked up at my door, money back.",
                "{agent} was very kind.",
            ),
            "account": ("Fixed in minutes.", "Very patient with me.", "Easy, thanks."),
        },
    },
    recommend={
        "low": (
            "Prices are fine, but I cannot rely on the dates.",
            "I have had too much trouble with payments.",
            "My last orders were late.",
            "Other shops answer faster.",
            "I am not sure that I will order again.",
        ),
        "middle": (
            "Good shop, delivery could be quicker.",
            "OK for small things.",
            "I like the products; the app is slow on my phone.",
            "Sometimes great, sometimes not.",
            "More pick-up points please.",
        ),
        "high": (
            "Always helped, always friendly.",
            "I tell all my friends about you.",
            "Good prices and they keep their word.",
            "Best online shop in {town} for me.",
            "They treat you like family.",
        ),
    },
)
