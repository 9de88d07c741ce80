"""Words that nobody may lend themselves as a name: staff, the town, the portal, in several languages.

Compared without case, accents, spaces and disguise (see `names`). Kept apart by how common the word is
in real names: "Root" and "Staff" are surnames, "Musharraf" is spelt like Arabic "supervisor".
"""

# So long and so clear that they are refused even inside another word or across spaces.
RESERVED_PARTS = (
    "administrator", "administration", "administracja", "administratie", "administrație", "yönetici",
    "stadtverwaltung", "gemeindeverwaltung", "kreisverwaltung", "landratsamt", "bürgerbüro", "bürgeramt",
    "ordnungsamt", "jugendamt", "sozialamt", "ausländerbehörde", "stadtplanung", "bürgermeisterin",
    "oberbürgermeister", "moderator", "moderatör", "moderateur", "moderation", "modération", "moderasyon",
    "nachbarnetz", "sozialarbeiterin", "planungsamt", "bezirksamt", "stadtteilbüro", "адміністратор",
    "администратор", "адміністрація", "администрация", "модератор", "модерація", "модерация", "міськрада",
    "горсовет", "ayuntamiento", "municipality",
)  # fmt: skip

# Refused as one word of a name, in any place.
RESERVED_ANYWHERE = (
    "admin", "admins", "adminin", "sysadmin", "webadmin", "webmaster", "sysop", "postmaster", "hostmaster",
    "superuser", "superadmin", "root-admin", "rathaus", "verwaltung", "behörde", "magistrat", "polizei",
    "police", "polizia", "policía", "policja", "poliția", "polis-merkezi", "поліція", "полиция",
    "bundespolizei", "landespolizei", "kundendienst", "helpdesk", "cityhall", "townhall", "citycouncil",
    "official", "offiziell", "officiel", "oficjalny", "mods", "mairie", "urząd", "primărie", "primăria",
    "gmina", "municipio", "belediye", "belediyesi", "başkanlık", "yönetim", "yönetimi", "адмін", "админ",
    "мерія", "мэрия", "мэр", "мер", "управління", "управление", "официально", "офіційно", "المشرف",
    "المشرفة", "الإدارة", "إدارة", "البلدية", "بلدية", "الشرطة", "شرطة", "المدير", "أدمن", "شهرداری",
    "پلیس", "ادمین", "διαχειριστής", "δήμος", "sozialarbeiter", "stadtrat", "stadträtin", "gemeinderat",
    "bürgermeister", "moderatorin", "moderasyonu", "portalteam", "supportteam", "serviceteam",
    "systemadmin", "adminteam", "modteam",
)  # fmt: skip

# Refused at the beginning of a name: titles and what an office would call itself.
RESERVED_FIRST = (
    "stadt", "gemeinde", "landkreis", "amt", "support", "staff", "system", "redaktion", "mod", "mayor",
    "council", "security", "service-team", "planungsteam", "projektleitung", "kommune", "destek", "resmi",
    "official", "підтримка", "поддержка", "дирекция", "дирекція", "maire", "alcalde", "sindaco",
    "burmistrz", "primar", "nutzersupport", "hilfe-team", "مدير", "مدیر", "ناظر",
)  # fmt: skip

# Refused only when it is the whole name.
RESERVED_WHOLE = (
    "root", "team", "bot", "null", "none", "undefined", "nobody", "niemand", "user", "nutzer", "benutzer",
    "gast", "guest", "anonym", "anonymous", "anonymus", "gelöscht", "deleted", "former member",
    "ehemaliges mitglied", "deleted user", "мод", "система", "مشرف", "مجهول", "test", "noreply", "no-reply",
    "info", "kontakt", "contact", "hilfe", "help", "visitor", "besucher", "system", "eski üye",
    "колишній учасник", "عضو سابق",
)  # fmt: skip
