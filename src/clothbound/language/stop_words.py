"""The most frequent short words of languages written in Latin letters, by which a text's language
is inferred.

They are articles, pronouns, conjunctions, prepositions and the forms of *to be*, as any grammar
lists them.
"""

from __future__ import annotations

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is that it was for on with as you this have are not be at from by or my"
        " we they what which but when how your there their has had his her she can will would about all"
        " if who an more out just than then into our a i were been do did its me could where why these",
        "de": "der die das und ist nicht ich ein eine einen einem einer eines zu zum zur den dem des mit"
        " für von vom auf sich im in auch es wie aber wir sie er war waren nur noch wenn über bei oder aus"
        " nach durch was man mein meine dass daß wird werden haben hat hatte sind kann mehr warum kein"
        " keine als an so ihr uns unser um vor schon dann diese dieser dieses",
        "fr": "le la les des et est une un du dans que qui pour pas sur avec ce cette ces il elle nous vous"
        " je plus mais ou où par au aux son sa ses leur leurs ne se en de à être sont été était comme tout"
        " tous fait même mon ma mes notre nos avoir ont cela très sans quand aussi donc si y l d qu j n c",
        "es": "el la los las de del y que en un una es no se por con para su lo como más pero sus le ya o"
        " este esta esto porque entre cuando muy sin sobre también me hasta hay donde quien desde todo nos"
        " mi yo está están son fue era al qué cómo ser ha han a e ni uno si sí",
        # Without Catalan, its texts would be taken as Spanish.
        "ca": "el la els les de del dels que i en un una és no es per amb seu seva com més però va ja aquest"
        " aquesta si perquè entre quan molt sense sobre també fins hi ha on qui des tot ens jo són al als van"
        " vam l d què els meu meva nosaltres aquell aquella quina",
        "it": "il lo la gli le i di che e è un una uno non per con del dello della dei degli delle nel nella"
        " nei si sono come più ma anche questo questa questi ho ha hanno mi ci o da dal dalla al alla ai se"
        " quando dove perché cosa molto suo sua tutto essere era in a su l un",
        "pt": "o a os as de do da dos das e que em um uma não para com por se no na nos nas é mais mas como"
        " ao à foi seu sua ou quando muito já eu também só pelo pela até isso ela ele entre era depois sem"
        " mesmo aos minha meu são está este esta ser tem há num numa quem porque você",
        "nl": "de het een en van ik te dat die in is niet zijn op aan met als voor er maar om dan of wat"
        " mijn dit zo door over ze uit bij ook tot je mij naar heb hoe heeft hebben had we wij worden werd"
        " kan nog geen omdat deze was waren onze ons hij zij haar hem al wel toen waar",
        "sv": "och det att i en jag hon som han på den med var sig för så till är men ett om hade de av mig"
        " du då sin nu har inte hans skulle där min man vid kunde något från ut när efter upp vi dem vara"
        " vad över än dig kan här ha mot alla under någon eller allt mycket sedan denna själv detta varför"
        " hur mina blev också bara",
        "da": "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi"
        " min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle"
        " vil blev kunne ind når være noget ville deres efter ned skulle denne end dette mit også under"
        " have dig alt meget sit mod disse hvis nogle hos blive mange bliver været hvorfor hvordan kun",
        "nb": "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men har om vi"
        " min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal"
        " selv her alle vil bli ble blitt kunne inn når være noen noe ville deres etter ned skulle denne"
        " for deg mot å hvorfor dette disse uten hvordan din blir mellom vår hver hvis både bare enn fordi"
        " også slik vært mye",
        "fi": "ja on ei se että oli en hän mutta olen niin kun mitä kuin minä sinä jos ovat joka ole myös"
        " tämä vain kaikki sen nyt hyvin me he siitä tai sitä vielä ollut jotka koska kanssa tässä ennen"
        " mikä missä miksi minun kuitenkin jo emme olla oli siellä sekä vaan",
        "pl": "i w nie na się z do to że jest jak o po co tak ale za od przez dla przy już tylko jego jej"
        " ich być są był była było jestem który która które tym tego ten ta czy lub oraz bardzo kiedy gdy"
        " mnie może jeszcze nas we ze moja mój dlaczego",
        "cs": "a je se na v že to s z do o ve ale jako tak jsem jsme jsou byl byla bylo který která které"
        " pro po od už jen jeho její jejich být nebo když co jak za při aby bude mi si pak není proč také"
        " u k ze i by mě můj",
        "tr": "ve bir bu da de için ile çok daha gibi ama ne var olarak kadar sonra ben sen biz o mi ya her"
        " şey en değil oldu olan bana ki yok diye zaman nasıl neden çünkü benim bunu önce ise hem",
        "id": "yang dan di ini itu dengan untuk tidak dari dalam pada adalah akan juga saya kami kita ada"
        " ke atau oleh sebagai bisa karena dia mereka lebih sudah telah seperti saat hanya banyak jika"
        " tetapi apa bagaimana belum lagi aku kamu para secara",
        # Of these, words that English or several others have are left out: they made names in English unknown.
        "vi": "và của là có không một những các được cho với trong khi người này đã để từ ở tôi thì mà như"
        " cũng ra vào lại nhưng đến chúng nó còn rất nhiều về sẽ đó làm nếu vì sao gì trên phải"
        " biết đi rồi nào chỉ cái nên sau lúc hơn",
        "hu": "az és hogy nem egy meg csak volt már még mert van ez azt ki fel ezt amikor"
        " aki ami ahogy mint vagy minden én ő ők sem kell lehet majd itt ott így úgy nagyon után előtt"
        " között neki nekem mindig soha most akkor miért hogyan lesz lett voltak vannak pedig olyan ilyen"
        " sok több amit akit arra abban ebben",
        "sk": "sa som sme sú bol bola bolo boli ktorý ktorá ktoré ktorých pre ako čo nie tiež aj alebo keď len"
        " ešte iba môže medzi jej ich veľmi potom preto prečo kde náš ju tento táto toto tieto teraz vždy ani"
        " mi si je na už že podľa okrem každý",
        "ro": "și în cu nu pe că din mai care sau pentru am au fi fost ce dar când"
        " cum să îmi lor lui ea noi acest această aceste acum foarte doar după fără între"
        " până unde prin despre sunt toate cel cea cele ale unei unui nici atunci aici",
    }.items()
}

LETTERS: dict[str, str] = {
    "ca": "àçéèíïóòúüñ",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåéáó",
    "de": "äöüßéèàç",
    "es": "áéíñóúüç",
    "fi": "åäöšž",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "hu": "áéíóöőúüű",
    "id": "é",
    "it": "àéèìîóòù",
    "nb": "æøåéèêòóô",
    "nl": "áäéëíïóöúüèê",
    "pl": "ąćęłńóśźż",
    "pt": "ãáàâçéêíõóôúü",
    "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sv": "åäöéà",
    "tr": "çğıöşüâîû",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}
"""The letters that each language uses besides a to z (CLDR's exemplar characters). English is empty
here, since its loan words use any of them."""
