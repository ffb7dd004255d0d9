"""Swahili, as it is written in Kenya, with some Sheng in the short messages."""

from rapport.config.demo.wording import Wording

SWAHILI = Wording(
    language="sw",
    weekdays=("Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"),
    today="leo kabla ya saa {hour}",
    tomorrow="kesho kabla ya saa {hour}",
    on_day="kufikia {weekday} saa {hour}",
    one_day="siku moja",
    many_days="siku {count}",
    subject={
        "delivery.late": ("Oda {order} imechelewa", "Bado nangoja {order}", "Mzigo wa {town} umechelewa"),
        "delivery.where": ("Oda {order} iko wapi?", "Mzigo wangu utafika lini {town}?"),
        "delivery.wrong_item": ("Bidhaa si sahihi, {order}", "Sikuagiza hii ({order})"),
        "delivery.address_change": ("Kubadilisha anwani ya {order}", "Leteni {order} mahali pengine"),
        "billing.payment_failed": ("Malipo ya {order} yamekataa", "M-Pesa haikubali, {order}"),
        "billing.double_charge": ("Nimekatwa mara mbili, {order}", "Malipo mara mbili {code}"),
        "billing.refund_missing": ("Sijarudishiwa pesa za {order}", "Pesa zangu za {order} ziko wapi?"),
        "billing.invoice": ("Ankara ya {order}", "Naomba risiti ya {order}"),
        "product.defect": ("{product} imeharibika", "Tatizo la {product}, {order}"),
        "product.question": ("Swali kuhusu {product}", "Kabla sijanunua {product}"),
        "product.availability": ("{product} ipo?", "{product} itarudi lini?"),
        "returns.how": ("Nitarudishaje {product}?", "Kurudisha {order}"),
        "returns.exchange": ("Kubadilisha {product}", "Saizi au rangi nyingine, {order}"),
        "account.login": ("Siwezi kuingia", "Akaunti yangu imefungwa"),
        "account.details": ("Kubadilisha maelezo yangu", "Nambari mpya ya simu"),
    },
    hello={
        "calm": ("Habari zenu.", "Hujambo.", "Habari ya leo.", "Salaam.", "Habari {brand}.", "Mambo vipi."),
        "worried": (
            "Habari, naomba msaada.",
            "Samahani, nina wasiwasi kidogo.",
            "Tafadhali nisaidieni.",
            "Habari, naomba mniangalilie.",
        ),
        "angry": (
            "Hii si haki kabisa.",
            "Nimechoka na huduma yenu.",
            "Nimekasirika sana.",
            "Kwa kweli mmenivunja moyo.",
            "Jamani, mnafanya nini?",
        ),
    },
    cause={
        "product.defect/electric": (
            "{product} ya {order} imeacha kufanya kazi baada ya siku mbili.",
            "{product} haiwaki kabisa. Oda ilikuwa {order}.",
            "{product} yangu inapiga kelele na inapata moto sana.",
            "{product} inafanya kazi dakika kumi halafu inazima.",
        ),
        "product.defect/wear": (
            "Mshono wa {product} umefunguka baada ya wiki moja tu.",
            "{product} imechuja rangi nilipoifua mara ya kwanza.",
            "{product} ya {order} ilikuja na doa.",
            "{product} ina tundu, niliona nikiwa nyumbani.",
        ),
        "product.defect/food": (
            "Nusu ya {product} ya {order} ilikuwa imeharibika nilipofungua.",
            "{product} ilifika imefunguka na kumwagika kwenye mfuko.",
            "Tarehe ya {product} imeshapita.",
            "{product} ya {order} haina ladha nzuri.",
        ),
        "product.question/electric": (
            "Je, {product} ina waranti, na ni ya muda gani?",
            "Naweza kutumia {product} na umeme wa jua?",
            "{product} inatumia umeme kiasi gani?",
            "Kuna fundi wa {product} hapo {town}?",
        ),
        "product.question/wear": (
            "{product} ina saizi na rangi gani?",
            "{product} inaweza kufuliwa kwa mashine?",
            "{product} imetengenezwa kwa kitambaa gani?",
        ),
        "product.question/food": (
            "{product} inalimwa wapi?",
            "{product} inakaa muda gani bila friji?",
            "{product} ni ya asili, bila dawa?",
            "{product} inakuja {town} siku gani?",
        ),
        "returns.exchange/wear": (
            "{product} ni ndogo. Naweza kupata saizi kubwa zaidi?",
            "Ningependa {product} ya {order} kwa rangi nyingine.",
            "{product} hainitoshi. Nataka nyingine, si pesa.",
        ),
        "delivery.late": (
            "Oda yangu {order} ilitakiwa kufika tarehe {promised} na bado nangoja.",
            "Mliniahidi {product} kufikia {promised}. Sasa ni {days} zaidi na hakuna aliyenipigia.",
            "Oda {order} imechelewa {days}. Mpeleka mizigo hajapiga simu.",
            "Nililipia {product} na bado haijafika {town}.",
            "Ni {days} tangu tarehe mliyonipa ya {order}.",
            "Nilikaa nyumbani tarehe {promised} nikingoja {order} na hakuna aliyekuja.",
            "{product} ilikuwa zawadi, na sasa sherehe imeshapita.",
            "Ujumbe wenu ulisema {order} itafika {town} tarehe {promised}. Haikufika.",
        ),
        "delivery.where": (
            "Naomba kujua oda {order} imefika wapi.",
            "Je, {product} imeshatoka dukani? Oda ni {order}.",
            "Mnaweza kuniambia {order} itafika {town} saa ngapi?",
            "Nimepata ujumbe kwamba {order} iko njiani, lakini kiungo hakionyeshi kitu.",
            "Nani analeta {order}, na atanipigia kabla ya kuja?",
            "Naulizia tu {product} yangu. Itafika tarehe {promised} kama mlivyosema?",
        ),
        "delivery.wrong_item": (
            "Niliagiza {product} lakini kwenye boksi kuna kitu kingine.",
            "Oda {order} imefika leo, lakini ni mzigo wa mtu mwingine.",
            "Rangi ya {product} si ile niliyochagua.",
            "Nimefungua {order} na {product} haimo.",
            "Kwenye {order} mmenipa kitu ambacho sikuagiza.",
        ),
        "delivery.address_change": (
            "Nimehama. Mnaweza kuleta {order} kwangu mpya hapa {town}?",
            "Tafadhali leteni {order} ofisini {town} badala ya nyumbani.",
            "Niliandika mtaa usio sahihi kwenye {order}. Bado inaweza kubadilishwa?",
            "Sitakuwa nyumbani. Mnaweza kuacha {order} dukani karibu na stage ya {town}?",
            "Naomba mniwekee {order} hapo {town}, nitaichukua mwenyewe.",
        ),
        "billing.payment_failed": (
            "Nimejaribu kulipa {amount} kwa {order} na M-Pesa inasema imeshindikana.",
            "Malipo ya {order} yanakataa ingawa nina pesa kwenye simu.",
            "Niliweka PIN ya {amount}, ikaleta hitilafu, sasa sijui kama {order} imelipwa.",
            "Ujumbe wa kulipia {order} haukufika kwenye simu yangu.",
            "Nimejaribu mara tatu kulipia {product} na haikubali.",
        ),
        "billing.double_charge": (
            "Nimekatwa {amount} mara mbili kwa {order}. Kodi ya pili ni {code}.",
            "M-Pesa imetoa {amount} mara mbili kwa {product} moja.",
            "Tafadhali angalieni {code}: pesa ileile {amount} imetoka tena.",
            "Nililipa {order} mara moja na mmechukua pesa mara mbili. Naomba {amount} yangu.",
            "Nimepata jumbe mbili za M-Pesa, zote {amount}, kwa oda moja {order}.",
        ),
        "billing.refund_missing": (
            "Nilirudisha {product} na pesa zangu {amount} hazijarudi.",
            "Mlisema siku tatu kwa pesa za {order}. Sasa ni zaidi ya wiki.",
            "Bado nangoja {amount} za {order}.",
            "Mlikubali kurudishwa kwa {order}, lakini M-Pesa yangu haina kitu.",
            "Barua pepe yenu inasema {amount} zimetumwa. Mimi sioni kitu.",
        ),
        "billing.invoice": (
            "Nahitaji ankara ya {order} yenye PIN ya kampuni yetu.",
            "Naomba mnitumie risiti ya {order}, sikupata.",
            "Ankara ya {order} ina jina lisilo sahihi.",
            "Mhasibu wetu anataka ankara ya eTIMS ya {order}.",
        ),
        "product.defect": (
            "Nimefungua {product} na kuna kitu kimevunjika.",
            "Ubora wa {product} si kama kwenye picha.",
            "Kuna kifaa kimoja cha {product} kilikosekana kwenye boksi.",
            "Hii ni {product} ya pili kutoka kwenu yenye shida.",
        ),
        "product.question": (
            "{product} inatosha familia ya watu sita?",
            "Kuna tofauti gani kati ya {product} na ile ya bei nafuu?",
            "{product} imetengenezwa Kenya? Napenda bidhaa za hapa.",
            "{product} inadumu kwa muda gani ikitumika kila siku?",
            "Mna picha zaidi za {product}?",
            "Wateja wengine wanasemaje kuhusu {product}?",
        ),
        "product.availability": (
            "Tovuti inasema {product} imeisha. Mtapata tena lini?",
            "Je, mna {product} hapo {town}?",
            "Nahitaji {product} kumi. Mnazo?",
            "Niliona {product} wiki iliyopita, sasa haipo tena.",
            "Naweza kuwekewa {product} hadi mshahara uingie?",
        ),
        "returns.how": (
            "Nataka kurudisha {product}. Nifanye nini?",
            "{product} si kama nilivyotarajia. Nitarudishaje {order}?",
            "Nani analipia usafiri nikirudisha {order} kutoka {town}?",
            "Nina siku ngapi za kurudisha {product}?",
            "Mtu wa boda anaweza kuichukua {order}, au niilete mwenyewe?",
        ),
        "returns.exchange": (
            "Naweza kubadilisha {product} na kitu kingine na kuongeza pesa?",
            "Dada yangu tayari ana {product}. Naweza kubadilisha?",
            "Ningependa aina nyingine badala ya {product} ya {order}.",
            "Nataka kubadilisha {product}, si kurudishiwa pesa.",
        ),
        "account.login": (
            "Siwezi kuingia. Kodi haiji kwenye simu yangu.",
            "Nenosiri langu halikubaliwi na barua ya kubadilisha haifiki.",
            "Inasema akaunti imefungwa, lakini sijafanya kosa.",
            "Nilibadilisha laini na sasa siwezi kuingia kwenye akaunti.",
            "Nikitazama {product} natolewa nje kila mara.",
        ),
        "account.details": (
            "Nina nambari mpya ya simu. Tafadhali badilisheni kwenye akaunti.",
            "Jina langu limeandikwa vibaya kwenye akaunti.",
            "Naomba mji wangu uwe {town}.",
            "Nataka barua zangu ziende kwenye anwani nyingine.",
            "Tafadhali sitisheni jumbe za matangazo, lakini zile za mizigo ziendelee.",
        ),
    },
    detail={
        "delivery.wrong_item": (
            "Sijagusa vitu vingine kwenye boksi.",
            "Nimepiga picha ya lebo.",
            "Nahitaji ile sahihi wiki hii.",
        ),
        "delivery.address_change": (
            "Nambari yangu ya simu ni ileile.",
            "Ni karibu na stage kuu, rahisi kupata.",
            "Nitalipa kama gharama itaongezeka.",
        ),
        "billing.invoice": (
            "Naihitaji kwa kodi ya mapato.",
            "PDF kwa barua pepe inatosha.",
            "Jina la kampuni liko kwenye akaunti.",
        ),
        "product.defect": (
            "Naitumia nyumbani tu.",
            "Nimetuma picha kwenye barua pepe yenu pia.",
            "Boksi na risiti bado ninazo.",
            "Haikuwa bei rahisi, nilitarajia zaidi.",
        ),
        "delivery": (
            "Nimempigia mpeleka mizigo na hajui chochote.",
            "Ukurasa wa kufuatilia haujabadilika tangu jana.",
            "Kuna mtu nyumbani siku nzima.",
            "Tunaishi karibu na stage kuu, ni rahisi kupata.",
            "Simu yangu iko wazi wakati wote.",
            "Ninaihitaji kwa shughuli ya familia.",
        ),
        "billing": (
            "Nina ujumbe wa M-Pesa, naweza kutuma picha.",
            "Benki inasema pesa zimetoka.",
            "Ni mwisho wa mwezi na nahitaji hizo pesa.",
            "Haijawahi kunitokea kwenu.",
            "Niliandika pia wiki iliyopita.",
        ),
        "product": (
            "Rafiki alinipendekezea.",
            "Nimesoma maelezo mara mbili na sikuona.",
            "Ni ya mama yangu.",
            "Naweza kungoja bei nzuri.",
            "Nataka kuwa na uhakika kabla ya kulipa.",
        ),
        "account.details": (
            "Mimi ni mteja wenu wa muda mrefu.",
            "Mengine yabaki kama yalivyo.",
            "Laini ya zamani sinayo tena.",
            "Sikuona mahali pa kubadilisha mwenyewe.",
        ),
        "returns": (
            "Lebo bado zipo.",
            "Sijaitumia.",
            "Bado nina boksi na risiti.",
            "Ukurasa wa kurudisha haukufunguka kwenye simu yangu.",
            "Nafanya kazi hadi saa kumi na mbili, jioni ndiyo bora.",
        ),
        "account": (
            "Nimejaribu kwenye simu na kompyuta.",
            "Wiki iliyopita ilifanya kazi.",
            "Mimi ni mteja wenu wa muda mrefu.",
            "Sitaki kupoteza historia ya oda zangu.",
            "Laini ya zamani sinayo tena.",
        ),
    },
    plea={
        "calm": (
            "Asante.",
            "Nitashukuru.",
            "Naomba jibu.",
            "Siku njema.",
            "Nangoja kusikia kutoka kwenu.",
            "Asanteni sana.",
        ),
        "worried": (
            "Tafadhali nijulisheni mapema.",
            "Naomba mniangalie.",
            "Mtu anaweza kunipigia?",
            "Msiniache hivi tafadhali.",
            "Ningependa kujua kinachoendelea.",
        ),
        "angry": (
            "Rekebisheni leo, la sivyo nitanunua kwingine.",
            "Nataka pesa zangu.",
            "Msinitumie ujumbe wa mashine tena.",
            "Nitawaambia watu wote.",
            "Nataka jibu sasa hivi.",
            "Hii ni mara ya mwisho kuagiza kwenu.",
        ),
    },
    brisk={
        "delivery.late": (
            "{order} iko wapi jameni",
            "mzigo bado, {order}",
            "oya, {order} inakuja lini?",
            "buda rider hajafika na {order}",
            "{days} sasa na {order} bado",
        ),
        "delivery.where": (
            "{order} imefika wapi",
            "niko tu nangoja {order} hapa {town}",
            "form ya {order} ni gani?",
        ),
        "delivery.wrong_item": ("hii si {product} yangu", "mmeniletea mzigo wa wenyewe, {order}"),
        "delivery.address_change": ("naweza badilisha location ya {order}?", "{order} ikuje ofisini basi"),
        "billing.payment_failed": (
            "nimelipa {order} na inasema bado",
            "mpesa inakataa {order}",
            "stk haikuji, {order}",
        ),
        "billing.double_charge": (
            "mpesa imekula {amount} mara mbili",
            "{code} hii ni nini",
            "mbona doo imetoka mara mbili",
        ),
        "billing.refund_missing": (
            "doo yangu ya {order} imeenda wapi",
            "nirudishieni ganji ya {order} tafadhali",
        ),
        "billing.invoice": ("risiti ya {order} tafadhali", "naomba ankara, {order}"),
        "product.defect": (
            "{product} ni mbovu jamani",
            "{product} ni noma, nipigieni",
            "{product} imeharibika tayari",
        ),
        "product.question": ("{product} iko poa kweli?", "niambieni kuhusu {product}"),
        "product.availability": ("{product} iko?", "{product} mtapata lini"),
        "returns.how": ("narudishaje {order}", "sitaki tena {product}, nifanyeje"),
        "returns.exchange": ("nataka kuswap {product}", "{product} si ile nilitaka"),
        "account.login": ("siwezi kulogin", "code haikuji", "akaunti imelock tena"),
        "account.details": ("badilisheni namba yangu tafadhali", "jina langu liko wrong kwa akaunti"),
    },
    greet=(
        "Habari {name}, mimi ni {agent} kutoka {brand}.",
        "Hujambo {name}, {agent} hapa.",
        "Asante kwa kutuandikia, {name}. Jina langu ni {agent}.",
        "Habari yako {name}. Mimi ni {agent}, nitakusaidia.",
        "Karibu {name}, unazungumza na {agent} wa {brand}.",
    ),
    warmth={
        "calm": (
            "Asante kwa kutuletea jambo hili; nitafurahi kuliangalia pamoja nawe.",
            "Asante kwa kueleza vizuri, inanisaidia sana.",
            "Nitakuwa nawe hadi upate jibu.",
        ),
        "worried": (
            "Naelewa kwamba kutojua ndiko kunakosumbua, sitakuacha bila habari.",
            "Usiwe na wasiwasi, ninalishughulikia mwenyewe.",
            "Naona kwa nini una wasiwasi; hata mimi ningekuwa nao.",
        ),
        "angry": (
            "Una haki ya kukasirika, na samahani sana kwa usumbufu huu wote.",
            "Hata mimi ningekasirika. Ulituamini na pesa zako na muda wako.",
            "Nimekusikia, na hukupaswa kuandika ujumbe huu.",
        ),
    },
    regret={
        "delivery.where": ("Naelewa unataka kujua.", "Wacha nione iko wapi.", "Nitakuangalilia sasa."),
        "delivery.address_change": ("Inawezekana.", "Hakuna shida.", "Asante kwa kutuambia mapema."),
        "billing.invoice": ("Bila shaka.", "Nitafurahi kuituma.", "Ni haki yako kuiomba."),
        "product.defect": ("Pole kwa hilo.", "Haikupaswa kutokea.", "Samahani, huo si ubora tunaoahidi."),
        "delivery": ("Pole kwa kungoja.", "Samahani kwa usumbufu wa mzigo.", "Pole sana kwa kuchelewa."),
        "billing": (
            "Pole kwa shida ya malipo.",
            "Samahani kwamba pesa zako zimekwama.",
            "Samahani kwa mkanganyiko wa malipo.",
        ),
        "product": ("Nitafurahi kukusaidia.", "Wacha niangalie.", "Tutalitatua pamoja."),
        "returns": (
            "Hakuna shida, kurudisha ni bure kwa siku 14.",
            "Bila shaka, inawezekana.",
            "Sawa, nitakusaidia.",
        ),
        "account": (
            "Tutakurudisha kwenye akaunti.",
            "Naweza kukufanyia hivyo.",
            "Pole kwa shida ya akaunti.",
        ),
    },
    check={
        "product.defect/food": (
            "Nawauliza wakulima kuhusu {product} na nitakujibu {when}.",
            "Haikupaswa kukufikia hivyo. Nitakuambia {when} tutafanya nini.",
        ),
        "delivery.late": (
            "Nampigia mpeleka mizigo wa {town} kuhusu {order} na nitakuambia saa mpya {when}.",
            "Oda {order} imekwama kwenye ghala. Nimeomba itoke kwanza, nitathibitisha {when}.",
            "Nimeanza kufuatilia {order}. Utasikia kutoka kwangu {when}.",
        ),
        "delivery.where": (
            "Naangalia {order} ilionekana wapi mwisho na nitakuandikia {when}.",
            "{order} imetoka dukani. Nauliza saa ya kufika, nitakuambia {when}.",
        ),
        "delivery.wrong_item": (
            "Naomba {product} sahihi ifungwe, na nitakuambia {when} saa ya kuletewa.",
            "Nimeomba ghala waangalie {order}; nitakujibu {when}.",
        ),
        "delivery.address_change": (
            "Nimeomba anwani ya {order} ibadilishwe na nitathibitisha {when}.",
            "{order} bado haijatoka, kwa hivyo kuna muda. Nitathibitisha {when}.",
        ),
        "billing.payment_failed": (
            "Natafuta malipo yako ya {amount} kwenye rekodi za M-Pesa, nitakuambia {when}.",
            "Nimekuhifadhia {order} na nitathibitisha malipo {when}.",
        ),
        "billing.double_charge": (
            "Naona malipo mawili ya {amount} kwa {order}. Idara ya fedha inaangalia {code}, nitakujibu {when}.",
            "Nimeomba malipo ya pili yarudishwe na nitathibitisha {when}.",
        ),
        "billing.refund_missing": (
            "Naulizia idara ya fedha {amount} ziko wapi, nitakuandikia {when}.",
            "Kurudishwa kwa {order} kumeandikwa. Nafuatilia pesa, utapata habari {when}.",
        ),
        "billing.invoice": (
            "Naandaa ankara ya {order} na nitaituma {when}.",
            "Nimewapa wahasibu maelezo yako; ankara mpya itakufikia {when}.",
        ),
        "product.defect": (
            "Nawauliza mafundi wetu kuhusu {product} na nitakujibu {when}.",
            "Waranti inalinda hilo. Naandaa {product} mpya na nitathibitisha {when}.",
        ),
        "product.question": (
            "Namuuliza mwenzangu anayenunua {product} na nitakujibu {when}.",
            "Wacha nisome maelezo ya {product}; nitakuandikia {when}.",
        ),
        "product.availability": (
            "Naangalia {product} kwenye maghala yetu na nitakuambia {when}.",
            "{product} mpya ziko njiani. Nitathibitisha tarehe {when}.",
        ),
        "returns.how": (
            "Naagiza mtu wa kuchukua {product} hapo {town} na nitakutumia saa {when}.",
            "Unaweza kurudisha {order} kwa gharama yetu. Nitakutumia lebo {when}.",
        ),
        "returns.exchange": (
            "Naangalia kama {product} nyingine ipo na nitakuambia {when}.",
            "Nimeanza kubadilisha {product} na nitathibitisha {when}.",
        ),
        "account.login": (
            "Naweka upya njia yako ya kuingia na nitathibitisha {when}.",
            "Nimeuliza timu ya teknolojia kwa nini kodi haifiki; utasikia kutoka kwangu {when}.",
        ),
        "account.details": (
            "Nabadilisha hilo kwenye akaunti yako na nitathibitisha {when}.",
            "Nimeandika mabadiliko. Utayaona {when}.",
        ),
    },
    asks={
        "delivery": (
            (
                "Nambari yako ya simu ni ileile?",
                ("Ndiyo, nambari ni ileile.", "Ndiyo, nipigie ukiwa karibu."),
            ),
            (
                "Kuna alama gani karibu nawe?",
                ("Mkabala na kituo cha mafuta, geti la bluu.", "Karibu na shule ya msingi, geti la pili."),
            ),
            (
                "Kuna mtu nyumbani jioni?",
                ("Kuna mtu hadi saa mbili usiku.", "Ndiyo, narudi saa kumi na moja na nusu."),
            ),
        ),
        "billing": (
            (
                "Unaweza kunitumia kodi ya malipo?",
                ("Kodi ni {code}.", "{code}, picha nimetuma kwenye barua pepe."),
            ),
            (
                "Ulilipa kutoka nambari gani?",
                ("Kutoka laini yangu, {code}.", "Kutoka simu ya mke wangu, {code}."),
            ),
            ("Ulilipa saa ngapi?", ("Dakika chache baada ya kuagiza.", "Mchana, ilikuwa {amount}.")),
        ),
        "billing.invoice": (
            ("Iandikwe jina gani?", ("Jina la kampuni, kama kwenye oda.", "Jina langu ni sawa.")),
            (
                "Nitume kwa barua pepe ya akaunti yako?",
                ("Ndiyo, tuma huko.", "Ndiyo, na nakala kwa mhasibu wangu."),
            ),
        ),
        "product": (
            (
                "Utaitumia kwa kazi gani?",
                ("Ya nyumbani, kila siku.", "Ya duka langu dogo {town}.", "Ni zawadi."),
            ),
            ("Nikujibu hapa au kwa barua pepe?", ("Hapa ni sawa.", "Kwa barua pepe tafadhali.")),
        ),
        "product.defect": (
            ("Unaweza kunitumia picha?", ("Nimetuma picha.", "Nimetuma picha mbili.")),
            ("Ilianza lini?", ("Tangu siku ya kwanza.", "Niliona jana jioni.")),
        ),
        "returns": (
            ("Bado iko kwenye boksi?", ("Ndiyo, boksi na risiti zipo.", "Ndiyo, niliifungua mara moja tu.")),
            ("Siku gani inakufaa?", ("Jumamosi asubuhi ni sawa.", "Siku yoyote baada ya saa kumi na moja.")),
        ),
        "account": (
            (
                "Akaunti ina nambari gani ya simu?",
                ("Hii ninayotumia kuandika.", "Ya zamani iliishia 47, mpya ni hii."),
            ),
            (
                "Umejaribu kwenye simu nyingine?",
                ("Ndiyo, kwa simu ya dada yangu ni vilevile.", "Hapana, nina hii tu."),
            ),
        ),
    },
    outcome={
        "product.defect/food": (
            "{product} mpya itakuja na mpeleka mizigo anayefuata, na ile nyingine ni yako.",
            "Nimekurudishia {amount} za {product} na nimewaambia wakulima.",
        ),
        "delivery.late": (
            "Habari njema: {product} iko njiani na itafika {town} {when}. Ada ya usafiri tunakurudishia.",
            "{order} imetoka sasa. Nimeondoa ada ya usafiri na kukupa vocha ya KES 200.",
            "{order} ilikuwa imetumwa tawi lisilo sahihi. Itakufikia {when}.",
            "{order} imeshakabidhiwa, na nimewaandikia wapeleka mizigo kuhusu kuchelewa.",
        ),
        "delivery.where": (
            "{order} ilifika {town} asubuhi hii; itegemee {when}.",
            "Utapigiwa simu kabla. {order} itakuwa nawe {when}.",
            "Nimekutumia kiungo kipya cha {order}; sasa kinafanya kazi.",
        ),
        "delivery.wrong_item": (
            "{product} sahihi iko njiani, na ile nyingine itachukuliwa. Hulipi kitu.",
            "Tulichanganya mizigo miwili. {product} yako itakufikia {when}.",
        ),
        "delivery.address_change": (
            "Tayari: {order} itaenda anwani mpya hapo {town}.",
            "Mabadiliko ya {order} yamethibitishwa. Tarehe ni ileile.",
        ),
        "billing.payment_failed": (
            "Malipo ya {amount} yamefika na {order} imethibitishwa.",
            "Jaribio la kwanza M-Pesa imerudisha, la pili ni sawa. {order} imelipwa.",
            "Ilikuwa hitilafu yetu na imerekebishwa. {order} imelipwa na itatoka leo.",
        ),
        "billing.double_charge": (
            "{amount} zinarudi kwenye M-Pesa yako, kodi {code}.",
            "Idara ya fedha imethibitisha malipo mara mbili. Utapata {amount} {when}.",
        ),
        "billing.refund_missing": (
            "Pesa {amount} zimetumwa sasa hivi, kodi {code}.",
            "Pesa zilienda nambari yako ya zamani. Nimezituma tena kwa hii.",
            "{amount} zako zitakufikia {when}; samahani kwa kuchelewa.",
        ),
        "billing.invoice": (
            "Ankara ya {order} iko kwenye barua pepe yako sasa.",
            "Nimetuma ankara iliyorekebishwa ya {amount} yenye PIN yako.",
        ),
        "product.defect": (
            "{product} mpya inatoka dukani leo. Ile ya zamani mpe mpeleka mizigo.",
            "Mafundi wamekubali ni kasoro. Chagua: {product} mpya au {amount} zako.",
            "Nimekutumia kifaa kilichokosekana; {product} itafanya kazi nacho.",
        ),
        "product.question": (
            "Nimekutumia barua pepe yenye maelezo yote ya {product}, na picha.",
            "Nimemuuliza mwenzangu anayenunua {product}; jibu lake liko kwenye barua pepe yako, ni habari njema.",
            "Ukurasa wa {product} sasa unajibu swali lako pia. Asante kwa kuuliza.",
        ),
        "product.availability": (
            "{product} imerudi; nimekuwekea moja.",
            "{product} mpya zinakuja {when}. Utapata ujumbe.",
            "Tuna {product} za kutosha, na bei ni nafuu ukichukua kumi.",
        ),
        "returns.how": (
            "{product} itachukuliwa {when}. Pesa zako zitarudi siku tatu baadaye.",
            "Nimekutumia lebo ya {order}. Peleka kwenye kituo chetu chochote.",
            "Una siku 14 na usafiri tunalipa sisi. Lebo iko kwenye barua pepe.",
        ),
        "returns.exchange": (
            "{product} nyingine imehifadhiwa; itabadilishwa {when}.",
            "Kubadilisha kumeandikwa. Huongezi pesa yoyote.",
        ),
        "account.login": (
            "Sasa unaweza kuingia. Tumia kodi mpya tuliyokutumia.",
            "Akaunti ilifungwa baada ya majaribio mengi. Imefunguliwa tena.",
        ),
        "account.details": (
            "Maelezo yako yamebadilishwa; tafadhali angalia.",
            "Tayari. Niambie kama kuna kitu bado si sawa.",
        ),
    },
    sign_off=(
        "Siku njema, {agent}",
        "Asante kwa subira yako.",
        "{agent}, {brand}",
        "Karibu tena.",
        "Wako, {agent}",
    ),
    thanks={
        "calm": ("Asante sana {agent}.", "Sawa kabisa, asante.", "Nimeshukuru.", "Poa, asante.", "Shukran."),
        "worried": (
            "Asante, sasa nimetulia.",
            "Sawa, asante kwa kunisaidia.",
            "Asante {agent}, najisikia vizuri.",
            "Sawa, nitangoja.",
        ),
        "angry": (
            "Sawa. Lakini fanyeni vizuri wakati ujao.",
            "Hatimaye. Asante.",
            "Haya, tuone.",
            "Asante, ila bado sijafurahi.",
        ),
    },
    again={
        "product.defect": (
            "Imetokea tena asubuhi hii.",
            "Hii mpya ina shida ileile.",
            "Bado siwezi kuitumia.",
        ),
        "delivery": (
            "Habari tena, hakuna kilichofika. Mlisema imeisha.",
            "Mpeleka mizigo hakuja. Tafadhali fungueni tena.",
            "Mzigo nimepata, lakini bado si sawa.",
        ),
        "billing": (
            "Pesa bado hazijaingia M-Pesa.",
            "Nimeangalia taarifa ya benki, hakuna kilichobadilika.",
            "Nimepata nusu tu. Angalieni tena.",
        ),
        "product": ("Bado sina jibu la wazi.", "Barua mliyoahidi haijafika.", "Hilo silo nililouliza."),
        "returns": (
            "Hakuna aliyekuja kuichukua.",
            "Lebo mliyotuma haifunguki.",
            "Niliirudisha na sasa mnasema haikufika.",
            "Mmenibadilishia kwa saizi ileile tena.",
        ),
        "account": (
            "Ilifanya kazi mara moja, sasa niko nje tena.",
            "Bado naona nambari ya zamani.",
            "Kodi haiji tena.",
        ),
    },
    again_reply=(
        "Samahani {name}, hilo lilipaswa kuisha. Nimelishughulikia mwenyewe na sasa limekamilika.",
        "Asante kwa kurudi, {name}. Nimepata kilichosahaulika na nimekirekebisha.",
        "Ni kweli, {name}. Safari hii nimekagua hatua kwa hatua, imekamilika.",
        "Pole kwa kurudia, {name}. Kiongozi wangu amethibitisha, na sasa limefungwa vizuri.",
    ),
    comment={
        "low": {
            "delivery.late": (
                "Mmechelewa sana na hamkuniambia.",
                "Nilingoja siku nyingi.",
                "Tarehe haikutimizwa kabisa.",
            ),
            "delivery": (
                "Boksi lilikuwa limeharibika.",
                "Mpeleka mizigo hakuwa na adabu.",
                "Hakuna aliyejua iko wapi.",
                "Mpeleka mizigo hashiki simu.",
            ),
            "billing": ("Pesa zangu zilikaa muda mrefu.", "Nilieleza mara tatu.", "Rekebisheni M-Pesa yenu."),
            "product": ("Sikupata jibu la maana.", "Nilitarajia zaidi kwa bei hiyo.", "Ubora ni duni."),
            "returns": ("Kurudisha ilikuwa kazi ngumu.", "Hakuna aliyekuja kuchukua.", "Ilibidi niwafuate."),
            "account": ("Bado kuingia ni shida.", "Muda mrefu kwa jambo dogo.", "Kodi nyingi mno."),
        },
        "middle": {
            "delivery.late": (
                "Hatimaye ilifika.",
                "Sawa, ila tarehe haikutimizwa.",
                "Mpeleka mizigo ni mzuri, kungoja si kuzuri.",
            ),
            "delivery": ("Sawa tu.", "Sawa, ila boksi lilichanika kidogo.", "Alikuja bila kupiga simu."),
            "billing": (
                "Imetatuliwa, lakini polepole.",
                "Pesa zilirudi baada ya siku kadhaa.",
                "Sawa, jumbe ziwe wazi zaidi.",
            ),
            "product": ("Ni sawa kwa bei hiyo.", "Jibu lilikuwa sawa.", "Wastani."),
            "returns": (
                "Ilifanikiwa baada ya kungoja.",
                "Sawa, ila lebo ilinichanganya.",
                "Kubadilisha kulichukua muda.",
            ),
            "account": ("Sasa inafanya kazi.", "Sawa, ingekuwa rahisi zaidi.", "Ilifanikiwa mara ya pili."),
        },
        "high": {
            "delivery.late": (
                "Mmechelewa kidogo, lakini mlinijulisha.",
                "Ilistahili kungoja, asante.",
                "{town} ni mbali, naelewa.",
            ),
            "delivery": (
                "Ilifika kama mlivyoahidi, asante.",
                "Alipiga simu kabla ya kuja, vizuri sana.",
                "Haraka na imefungwa vizuri.",
                "Kila kitu kiko sawa hapa {town}.",
            ),
            "billing": (
                "Pesa zilirudi siku hiyohiyo.",
                "{agent} alieleza kila kitu, asante.",
                "Mlikubali kosa, nimependa.",
            ),
            "product": (
                "Ushauri mzuri, nimenunua.",
                "Naipenda {product} yangu.",
                "Jibu la haraka na la upole.",
            ),
            "returns": (
                "Kurudisha kulikuwa rahisi sana.",
                "Walichukua mlangoni, pesa zikarudi.",
                "{agent} ni mkarimu sana.",
            ),
            "account": ("Dakika chache tu, imekwisha.", "Mlinivumilia sana.", "Rahisi, asante."),
        },
    },
    recommend={
        "low": (
            "Bei ni nzuri lakini tarehe hazitimizwi.",
            "Nimepata shida nyingi za malipo.",
            "Oda zangu za mwisho zilichelewa.",
            "Maduka mengine yanajibu haraka.",
            "Sina hakika kama nitaagiza tena.",
        ),
        "middle": (
            "Duka zuri, usafiri uwe wa haraka zaidi.",
            "Sawa kwa vitu vidogo.",
            "Napenda bidhaa; programu ni nzito kwenye simu.",
            "Mara nzuri, mara la.",
            "Ongezeni vituo vya kuchukulia.",
        ),
        "high": (
            "Wananisaidia kila mara, ni wapole.",
            "Nawaambia marafiki zangu wote.",
            "Bei nzuri na wanatimiza ahadi.",
            "Duka bora la mtandaoni hapa {town}.",
            "Wanakuchukulia kama familia.",
        ),
    },
)
