"""Spanish."""

from rapport.config.demo.wording import Wording

SPANISH = Wording(
    language="es",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    today="hoy antes de las {hour}",
    tomorrow="mañana antes de las {hour}",
    on_day="el {weekday} antes de las {hour}",
    one_day="un día",
    many_days="{count} días",
    subject={
        "delivery.late": ("El pedido {order} llega tarde", "Sigo esperando {order}"),
        "delivery.where": ("¿Dónde está {order}?", "Seguimiento del pedido {order}"),
        "delivery.wrong_item": ("Artículo equivocado en {order}", "No es lo que pedí ({order})"),
        "delivery.address_change": ("Nueva dirección para {order}", "Entregar {order} en otro sitio"),
        "billing.payment_failed": ("Falló el pago de {order}", "No puedo pagar {order}"),
        "billing.double_charge": ("Cobro doble en {order}", "Me han cobrado dos veces, {code}"),
        "billing.refund_missing": ("No me llega el reembolso de {order}", "Reembolso pendiente {order}"),
        "billing.invoice": ("Factura de {order}", "Necesito el recibo de {order}"),
        "product.defect": ("Artículo defectuoso: {product}", "Problema con {product} de {order}"),
        "product.question": ("Pregunta sobre {product}", "Antes de comprar {product}"),
        "product.availability": ("¿Hay {product}?", "¿Cuándo vuelve {product}?"),
        "returns.how": ("¿Cómo devuelvo {product}?", "Devolución de {order}"),
        "returns.exchange": ("Cambiar {product}", "Otra talla o color, {order}"),
        "account.login": ("No puedo entrar", "Cuenta bloqueada"),
        "account.details": ("Cambiar mis datos", "Nuevo número de teléfono"),
    },
    hello={
        "calm": (
            "Hola.",
            "Buenas.",
            "Hola, ¿qué tal?",
            "Hola, equipo de {brand}.",
            "Un saludo desde {town}.",
        ),
        "worried": (
            "Hola, necesito ayuda.",
            "Buenas, estoy un poco preocupada por esto.",
            "Hola, ¿me pueden ayudar?",
        ),
        "angry": (
            "Esto no puede ser.",
            "Estoy muy decepcionada con ustedes.",
            "Ya estoy cansada de esperar.",
            "Esperaba más de {brand}.",
        ),
    },
    cause={
        "product.defect/electric": (
            "El artículo «{product}» de {order} dejó de funcionar a los dos días.",
            "No enciende. Es «{product}», del pedido {order}.",
            "«{product}» hace un ruido raro y se calienta mucho.",
        ),
        "product.defect/wear": (
            "A «{product}» se le abrió una costura en una semana.",
            "«{product}» perdió el color en el primer lavado.",
            "El artículo «{product}» de {order} llegó con una mancha.",
        ),
        "product.defect/food": (
            "La mitad de «{product}» llegó en mal estado. El pedido es {order}.",
            "«{product}» llegó abierto y se derramó en la bolsa.",
            "La fecha de «{product}» ya pasó.",
        ),
        "product.question/electric": (
            "¿Qué garantía tiene «{product}»?",
            "¿Puedo usar «{product}» con energía solar?",
            "¿Cuántos vatios gasta «{product}»?",
        ),
        "product.question/wear": (
            "¿En qué tallas o colores viene «{product}»?",
            "¿Se puede lavar «{product}» a máquina?",
            "¿De qué está hecho «{product}»?",
        ),
        "product.question/food": (
            "¿De dónde viene «{product}»?",
            "¿Cuánto dura «{product}» sin nevera?",
            "¿Qué día llega «{product}» a {town}?",
        ),
        "returns.exchange/wear": (
            "«{product}» me queda pequeño. ¿Puedo cambiarlo?",
            "Quisiera «{product}» de {order} en otro color.",
            "No quiero el dinero, quiero otro «{product}» que me sirva.",
        ),
        "delivery.late": (
            "Mi pedido {order} debía llegar el {promised} y sigo esperando.",
            "Me prometieron el artículo «{product}» para el {promised}. Lleva {days} de retraso.",
            "El pedido {order} lleva {days} de retraso y nadie me ha llamado.",
            "Pagué hace tiempo y a {town} todavía no ha llegado nada de {order}.",
            "Me quedé en casa el {promised} por la entrega de {order} y no vino nadie.",
            "Era un regalo y {order} va con {days} de retraso.",
        ),
        "delivery.where": (
            "Quisiera saber dónde está ahora el pedido {order}.",
            "¿Ya salió de la tienda mi {product}? El pedido es {order}.",
            "¿Me pueden decir cuándo llega {order} a {town}?",
            "Recibí un SMS de que {order} está en camino, pero el enlace no muestra nada.",
            "¿Llegará {order} el {promised}, como dijeron?",
        ),
        "delivery.wrong_item": (
            "Pedí «{product}» y en la caja hay otra cosa.",
            "El pedido {order} llegó hoy, pero es el paquete de otra persona.",
            "El color no es el que elegí en {order}.",
            "Abrí {order} y falta un artículo: {product}.",
        ),
        "delivery.address_change": (
            "Me he mudado. ¿Puede ir {order} a mi nueva casa en {town}?",
            "Por favor, entreguen {order} en mi oficina de {town}.",
            "Puse mal la calle en {order}. ¿Se puede cambiar todavía?",
            "No estaré en casa. Prefiero recoger {order} yo misma en {town}.",
        ),
        "billing.payment_failed": (
            "Intenté pagar {amount} por {order} y me da error.",
            "El pago de {order} falla aunque tengo saldo.",
            "Puse el PIN, salió un error y no sé si {order} está pagado.",
            "He probado tres veces con la tarjeta para {order} y nada.",
        ),
        "billing.double_charge": (
            "Me cobraron {amount} dos veces por {order}. El segundo código es {code}.",
            "En mi extracto aparece {order} dos veces y solo compré una cosa.",
            "Revisen {code}, por favor: salieron otra vez {amount}.",
            "Pagué {order} una vez y han tomado el dinero dos veces.",
        ),
        "billing.refund_missing": (
            "Devolví el artículo «{product}» y no me han reembolsado los {amount}.",
            "Dijeron tres días para el reembolso de {order} y ya pasó más de una semana.",
            "Sigo esperando mis {amount} de {order}.",
            "Su correo dice que enviaron {amount}, pero yo no veo nada.",
        ),
        "billing.invoice": (
            "Necesito una factura de {order} a nombre de mi empresa.",
            "¿Me pueden enviar el recibo de {order}? No me llegó.",
            "La factura de {order} tiene mal el nombre.",
            "Mi contable pide la factura de {order} con el impuesto aparte.",
        ),
        "product.defect": (
            "Al abrir la caja vi que «{product}» viene roto.",
            "La calidad de «{product}» no es la de la foto.",
            "Faltaba una pieza de «{product}» y no lo puedo usar.",
        ),
        "product.question": (
            "¿Sirve «{product}» para una familia de seis?",
            "¿En qué se diferencia «{product}» del más barato?",
            "¿Tienen más fotos de «{product}»?",
            "¿Qué dicen otros clientes de «{product}»?",
        ),
        "product.availability": (
            "La página dice que «{product}» está agotado. ¿Cuándo vuelve?",
            "¿Tienen «{product}» en {town}?",
            "Necesito diez unidades de «{product}». ¿Las tienen?",
            "¿Me pueden reservar «{product}» hasta fin de mes?",
        ),
        "returns.how": (
            "Quiero devolver «{product}». ¿Qué hago?",
            "No es lo que esperaba. ¿Cómo devuelvo {order}?",
            "¿Quién paga el envío si devuelvo {order} desde {town}?",
            "¿Cuántos días tengo para devolver «{product}»?",
        ),
        "returns.exchange": (
            "¿Puedo cambiar «{product}» por otra cosa y pagar la diferencia?",
            "Mi hermana ya tiene «{product}». ¿Se puede cambiar?",
            "Prefiero otro modelo en vez de «{product}», del pedido {order}.",
        ),
        "account.login": (
            "No puedo entrar, el código no llega a mi teléfono.",
            "No acepta mi contraseña y el correo para cambiarla no llega.",
            "Dice que mi cuenta está bloqueada y no hice nada.",
            "Cambié de número y ahora no puedo entrar.",
        ),
        "account.details": (
            "Tengo un número nuevo. Actualicen mi cuenta, por favor.",
            "Mi nombre está mal escrito en la cuenta.",
            "Quiero que mi ciudad sea {town}.",
            "No quiero más ofertas por SMS, solo los avisos de entrega.",
        ),
    },
    detail={
        "delivery.wrong_item": (
            "No he tocado el resto de la caja.",
            "Tengo fotos de la etiqueta.",
            "Lo necesito esta semana.",
        ),
        "delivery.address_change": (
            "Mi número es el mismo.",
            "Si cuesta más, lo pago.",
            "Es fácil de encontrar.",
        ),
        "billing.invoice": (
            "Es para los impuestos.",
            "Un PDF por correo me basta.",
            "El nombre está en mi cuenta.",
        ),
        "product.defect": (
            "También mandé fotos por correo.",
            "Tengo la caja y el recibo.",
            "No fue barato, esperaba más.",
        ),
        "delivery": (
            "Llamé al repartidor y no sabe nada.",
            "El seguimiento no cambia desde ayer.",
            "Hay alguien en casa todo el día.",
            "Lo necesito para una fiesta.",
        ),
        "billing": (
            "Tengo el mensaje del pago y lo puedo enviar.",
            "El banco dice que el dinero ya salió.",
            "Es fin de mes y lo necesito.",
            "Nunca me había pasado con ustedes.",
        ),
        "product": (
            "Me lo recomendó una amiga.",
            "La descripción no lo dice.",
            "Es para mi madre.",
            "Quiero estar segura antes de pagar.",
        ),
        "account.details": (
            "Compro con ustedes desde hace tiempo.",
            "Lo demás queda igual.",
            "No encontré dónde hacerlo yo.",
        ),
        "returns": (
            "No lo he usado.",
            "Tengo la caja y el recibo.",
            "La página de devoluciones no abre en mi teléfono.",
            "Trabajo hasta las seis.",
        ),
        "account": (
            "Probé en el teléfono y en el ordenador.",
            "La semana pasada funcionaba.",
            "Compro con ustedes desde hace tiempo.",
            "No quiero perder mis pedidos.",
        ),
    },
    plea={
        "calm": (
            "Gracias.",
            "Muchas gracias de antemano.",
            "Quedo atenta.",
            "Que tengan buen día.",
            "Espero su respuesta.",
        ),
        "worried": (
            "Avísenme pronto, por favor.",
            "¿Me puede llamar alguien?",
            "Por favor, no me dejen así.",
            "Les agradezco que lo revisen.",
        ),
        "angry": (
            "Arréglenlo hoy o compro en otro lado.",
            "Quiero mi dinero.",
            "No me manden otro mensaje automático.",
            "Es la última vez que pido.",
        ),
    },
    brisk={
        "delivery.late": ("¿dónde está {order}?", "{order} no llega", "{days} de retraso ya, {order}"),
        "delivery.where": ("¿alguna novedad de {order}?", "¿cuándo llega {order} a {town}?"),
        "delivery.wrong_item": ("esto no es {product}", "{order} no es mío"),
        "delivery.address_change": (
            "¿puedo cambiar la dirección de {order}?",
            "{order} a la oficina por favor",
        ),
        "billing.payment_failed": ("no me deja pagar {order}", "pago fallido, {order}"),
        "billing.double_charge": ("{amount} dos veces, ¿por qué?", "{code} ¿qué es esto?"),
        "billing.refund_missing": ("¿y mi dinero de {order}?", "sin reembolso todavía, {order}"),
        "billing.invoice": ("factura de {order} por favor", "me falta el recibo de {order}"),
        "product.defect": ("{product} vino mal", "problema con {product}, {order}"),
        "product.question": ("duda rápida: {product}", "¿es bueno {product}?"),
        "product.availability": ("¿hay {product}?", "¿cuándo vuelve {product}?"),
        "returns.how": ("¿cómo devuelvo {order}?", "quiero devolver {product}"),
        "returns.exchange": ("quiero cambiar {product}", "{product} no era lo que quería"),
        "account.login": ("no puedo entrar", "no llega el código"),
        "account.details": ("cambien mi número por favor", "mi nombre está mal"),
    },
    greet=(
        "Hola {name}, soy {agent} de {brand}.",
        "Hola {name}, le atiende {agent}.",
        "Gracias por escribirnos, {name}. Me llamo {agent}.",
        "Buenas, {name}. Soy {agent} y me ocupo de esto.",
    ),
    warmth={
        "calm": (
            "Gracias por contárnoslo; con gusto lo vemos juntos.",
            "Gracias por explicarlo tan bien, me ayuda mucho.",
            "Estaré con usted hasta que tenga su respuesta.",
        ),
        "worried": (
            "Entiendo que no saber es lo peor, así que no la dejaré sin noticias.",
            "No se preocupe, lo llevo yo personalmente.",
            "Comprendo que esto le inquiete; a mí también me pasaría.",
        ),
        "angry": (
            "Tiene toda la razón en molestarse y lo siento de verdad.",
            "Yo también estaría molesta. Confió en nosotros.",
            "La escucho, y no debería haber tenido que escribir esto.",
        ),
    },
    regret={
        "delivery.where": ("Entiendo que quiera saberlo.", "Déjeme ver dónde está.", "Con gusto lo miro."),
        "delivery.address_change": ("Se puede hacer.", "Sin problema.", "Gracias por avisar a tiempo."),
        "billing.invoice": ("Por supuesto.", "Con gusto se la envío.", "Hace bien en pedirla."),
        "product.defect": ("Lo siento mucho.", "Eso no debía pasar.", "No es la calidad que prometemos."),
        "delivery": ("Lamento la espera.", "Siento las molestias con la entrega.", "Disculpe el retraso."),
        "billing": (
            "Lamento el problema con el pago.",
            "Siento la confusión con el cobro.",
            "Disculpe las molestias con su dinero.",
        ),
        "product": ("Con gusto le ayudo.", "Déjeme verlo.", "Vamos a resolverlo."),
        "returns": (
            "Sin problema, devolver es gratis durante 14 días.",
            "Claro que sí, se puede.",
            "Por supuesto, le ayudo.",
        ),
        "account": (
            "Vamos a recuperar su acceso.",
            "Puedo hacerlo por usted.",
            "Siento el problema con su cuenta.",
        ),
    },
    check={
        "product.defect/food": (
            "Pregunto a la finca por «{product}» y le respondo {when}.",
            "No debía llegarle así. Le digo {when} qué podemos hacer.",
        ),
        "delivery.late": (
            "Estoy llamando al repartidor de {town} por {order} y le digo la nueva hora {when}.",
            "He abierto un rastreo de {order}. Tendrá noticias mías {when}.",
        ),
        "delivery.where": (
            "Estoy mirando el último registro de {order} y le escribo {when}.",
            "{order} ya salió. Pregunto la hora y le aviso {when}.",
        ),
        "delivery.wrong_item": (
            "Pido que preparen el artículo correcto, «{product}», y le aviso {when}.",
            "He pedido al almacén que revise {order}; le respondo {when}.",
        ),
        "delivery.address_change": (
            "He pedido el cambio de dirección de {order} y se lo confirmo {when}.",
            "{order} aún no ha salido, así que hay tiempo. Se lo confirmo {when}.",
        ),
        "billing.payment_failed": (
            "Busco su pago de {amount} en nuestros registros y le digo {when}.",
            "Le he reservado {order} y le confirmo el pago {when}.",
        ),
        "billing.double_charge": (
            "Veo dos cobros de {amount} en {order}. Finanzas revisa {code} y le respondo {when}.",
            "He pedido la devolución del segundo cobro y se la confirmo {when}.",
        ),
        "billing.refund_missing": (
            "Pregunto a finanzas dónde están los {amount} y le escribo {when}.",
            "La devolución de {order} está registrada. Sigo el reembolso y le aviso {when}.",
        ),
        "billing.invoice": (
            "Preparo la factura de {order} y se la envío {when}.",
            "He pasado sus datos a contabilidad; recibirá la factura {when}.",
        ),
        "product.defect": (
            "Consulto con el taller sobre «{product}» y le respondo {when}.",
            "Lo cubre la garantía. Preparo uno nuevo y se lo confirmo {when}.",
        ),
        "product.question": (
            "Pregunto a la compañera que compra «{product}» y le respondo {when}.",
            "Miro la ficha de «{product}» y le escribo {when}.",
        ),
        "product.availability": (
            "Reviso los almacenes por «{product}» y le digo {when}.",
            "«{product}» está en camino. Le confirmo la fecha {when}.",
        ),
        "returns.how": (
            "Reservo la recogida de «{product}» en {town} y le mando la hora {when}.",
            "Puede devolver {order} por nuestra cuenta. Le envío la etiqueta {when}.",
        ),
        "returns.exchange": (
            "Miro si hay otro «{product}» y le digo {when}.",
            "El cambio de «{product}» está en marcha; se lo confirmo {when}.",
        ),
        "account.login": (
            "Restablezco su acceso y se lo confirmo {when}.",
            "He preguntado por qué no llega el código; le escribo {when}.",
        ),
        "account.details": (
            "Lo cambio en su cuenta y se lo confirmo {when}.",
            "He anotado el cambio. Lo verá {when}.",
        ),
    },
    asks={
        "delivery": (
            ("¿Su número sigue siendo el mismo?", ("Sí, el mismo número.", "Sí, llámenme al llegar.")),
            (
                "¿Hay alguna referencia cerca de su casa?",
                ("Enfrente de la gasolinera, portón azul.", "Al lado de la escuela."),
            ),
        ),
        "billing": (
            ("¿Me envía el código del pago?", ("El código es {code}.", "{code}, ya mandé la captura.")),
            (
                "¿Desde qué número pagó?",
                ("Con mi línea, código {code}.", "Con el teléfono de mi marido, fueron {amount}."),
            ),
        ),
        "billing.invoice": (
            ("¿A qué nombre la hago?", ("Al de la empresa, como en el pedido.", "A mi nombre está bien.")),
        ),
        "product": (
            (
                "¿Para qué lo va a usar?",
                ("Para casa, todos los días.", "Para mi tienda en {town}.", "Es un regalo."),
            ),
        ),
        "product.defect": (
            ("¿Me manda una foto?", ("Foto enviada.", "Mandé dos fotos.")),
            ("¿Desde cuándo está así?", ("Desde el primer día.", "Lo vi ayer por la tarde.")),
        ),
        "returns": (
            ("¿Sigue en su caja?", ("Sí, con caja y recibo.", "Sí, solo lo abrí una vez.")),
            (
                "¿Qué día le viene bien la recogida?",
                ("El sábado por la mañana.", "Cualquier día después de las cinco."),
            ),
        ),
        "account": (
            (
                "¿Qué número tiene la cuenta?",
                ("El número desde el que escribo.", "El viejo acababa en 47, el nuevo es este."),
            ),
        ),
    },
    outcome={
        "product.defect/food": (
            "Con la próxima entrega va otro «{product}» fresco, y se queda con el primero.",
            "Le devolví {amount} por «{product}» y avisé a la finca.",
        ),
        "delivery.late": (
            "Buenas noticias: {order} llega a {town} {when}. Le devolvemos el envío.",
            "{order} ya está en reparto. He quitado el coste del envío y añadido un vale de KES 200.",
            "{order} se había enviado a otra sucursal. Lo recibirá {when}.",
        ),
        "delivery.where": (
            "{order} se registró en {town} esta mañana; llegará {when}.",
            "Le llamarán antes de llegar. {order} estará con usted {when}.",
            "Le mandé un enlace nuevo de {order} que ya funciona.",
        ),
        "delivery.wrong_item": (
            "El artículo correcto va en camino y recogen el otro. No le cuesta nada.",
            "Confundimos dos paquetes. Recibirá «{product}» {when}.",
        ),
        "delivery.address_change": (
            "Listo: {order} va a la nueva dirección en {town}.",
            "El cambio de {order} está confirmado. La fecha es la misma.",
        ),
        "billing.payment_failed": (
            "El pago de {amount} llegó y {order} está confirmado.",
            "Fue un fallo nuestro y está arreglado. {order} está pagado y sale hoy.",
        ),
        "billing.double_charge": (
            "Le devolvemos {amount}, código {code}.",
            "Finanzas confirmó el cobro doble. Tendrá {amount} de vuelta {when}.",
        ),
        "billing.refund_missing": (
            "El reembolso de {amount} salió ahora mismo, código {code}.",
            "El dinero había ido a su número antiguo. Lo envié otra vez a este.",
            "Tendrá sus {amount} {when}; siento la tardanza.",
        ),
        "billing.invoice": (
            "La factura de {order} ya está en su correo.",
            "Le envié la factura corregida de {amount}.",
        ),
        "product.defect": (
            "Hoy sale uno nuevo. Entregue el anterior al repartidor, por favor.",
            "El taller confirma el defecto. Elija: otro «{product}» o sus {amount}.",
        ),
        "product.question": (
            "Le envié por correo todo lo que sabemos de «{product}», con fotos.",
            "Pregunté a la compañera que compra «{product}»; su respuesta está en su correo y es buena noticia.",
        ),
        "product.availability": (
            "«{product}» ya volvió y le guardé uno.",
            "Lo nuevo de «{product}» llega {when}. Le avisaremos.",
        ),
        "returns.how": (
            "Recogemos «{product}» {when}. El dinero vuelve tres días después.",
            "Le mandé la etiqueta de {order}. Sirve en cualquier punto nuestro.",
        ),
        "returns.exchange": (
            "El otro «{product}» está reservado; se lo cambian {when}.",
            "El cambio está hecho y no hay diferencia que pagar.",
        ),
        "account.login": (
            "Su acceso ya funciona. Use el código nuevo que le enviamos.",
            "La cuenta se bloqueó por demasiados intentos. Ya está abierta.",
        ),
        "account.details": (
            "Sus datos están cambiados; échele un vistazo.",
            "Listo. Dígame si algo sigue mal.",
        ),
    },
    sign_off=("Un saludo, {agent}", "Gracias por su paciencia.", "{agent}, {brand}", "Que tenga buen día."),
    thanks={
        "calm": ("Perfecto, gracias {agent}.", "Muchas gracias.", "Genial, me sirve.", "Anotado, gracias."),
        "worried": ("Gracias, qué alivio.", "Bien, gracias por ayudarme.", "De acuerdo, entonces espero."),
        "angry": ("Bien. Pero mejoren, por favor.", "Por fin. Gracias.", "A ver si es cierto."),
    },
    again={
        "product.defect": ("Volvió a pasar esta mañana.", "El nuevo tiene el mismo problema."),
        "delivery": (
            "Hola otra vez, no ha llegado nada.",
            "El repartidor no vino. Ábranlo de nuevo, por favor.",
        ),
        "billing": ("El dinero sigue sin llegar.", "Miré mi cuenta y nada ha cambiado."),
        "product": ("Sigo sin una respuesta clara.", "El correo que prometieron no llegó."),
        "returns": (
            "Nadie vino a recogerlo.",
            "La etiqueta no abre.",
            "Me mandaron otra vez la misma talla.",
        ),
        "account": ("Funcionó una vez y ya no.", "Sigue saliendo el número viejo."),
    },
    again_reply=(
        "Lo siento, {name}, eso debía quedar resuelto. Lo llevé yo y ya está.",
        "Gracias por volver, {name}. Encontré lo que faltaba y está corregido.",
        "Tiene razón, {name}. Esta vez lo revisé paso a paso y quedó hecho.",
    ),
    comment={
        "low": {
            "delivery.late": ("Muy tarde y sin avisar.", "Esperé días el paquete."),
            "delivery": (
                "La caja llegó rota.",
                "El repartidor no fue amable.",
                "Nadie supo decirme dónde estaba.",
            ),
            "billing": ("Mi dinero estuvo fuera demasiado tiempo.", "Tuve que explicarlo tres veces."),
            "product": ("No me dieron una respuesta clara.", "Esperaba más por ese precio."),
            "returns": ("Devolverlo fue un trabajo.", "Nadie vino a recogerlo."),
            "account": ("Todavía cuesta entrar.", "Demasiado tiempo para algo tan pequeño."),
        },
        "middle": {
            "delivery.late": ("Al final llegó.", "Bien, pero no cumplieron la fecha."),
            "delivery": ("Normal.", "Bien, aunque la caja venía golpeada."),
            "billing": ("Resuelto, aunque lento.", "El dinero volvió a los días."),
            "product": ("Está bien por el precio.", "Normal."),
            "returns": ("Funcionó, con espera.", "La etiqueta era confusa."),
            "account": ("Ya funciona.", "Podría ser más simple."),
        },
        "high": {
            "delivery.late": ("Un poco tarde, pero me avisaron.", "Valió la pena esperar."),
            "delivery": (
                "Llegó como prometieron, gracias.",
                "Rápido y bien empacado.",
                "Todo bien aquí en {town}.",
            ),
            "billing": ("Me devolvieron el dinero el mismo día.", "{agent} lo explicó todo muy bien."),
            "product": ("Buen consejo, lo compré.", "Me encanta, muy útil."),
            "returns": ("La devolución más fácil que he hecho.", "{agent} fue muy amable."),
            "account": ("Arreglado en minutos.", "Mucha paciencia conmigo."),
        },
    },
    recommend={
        "low": (
            "No puedo confiar en las fechas.",
            "Demasiados problemas con los pagos.",
            "Otras tiendas responden antes.",
        ),
        "middle": (
            "Buena tienda, la entrega puede ser más rápida.",
            "Bien para cosas pequeñas.",
            "A veces muy bien, a veces no.",
        ),
        "high": (
            "Siempre me ayudan.",
            "La recomiendo a mis amigos.",
            "Buenos precios y cumplen su palabra.",
            "La mejor tienda en {town} para mí.",
        ),
    },
)
