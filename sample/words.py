"""Invented names, streets and towns. Every e-mail domain ends in .example, which belongs to nobody."""

CREDITORS = (
    # code, name, country, currency, city, share of the portfolio, kind of debtors
    ("AZUR-ENERGIE", "Azur Énergie", "FR", "EUR", "Lyon", 30, "mixed"),
    ("MEDINA-TEXTILE", "Médina Textile", "TN", "TND", "Sfax", 22, "companies"),
    ("BELLEVUE-BAT", "Bellevue Matériaux", "FR", "EUR", "Nantes", 22, "companies"),
    ("BANQUE-OLIVIER", "Banque de l'Olivier", "TN", "TND", "Tunis", 14, "persons"),
    ("CLINIQUE-DU-LAC", "Clinique du Lac", "TN", "TND", "Tunis", 12, "persons"),
)
TERMS: dict[
    str, dict[str, object]
] = {  # of the creditors' contracts; the one that is not named here leaves it to the law of its debtors' country
    "MEDINA-TEXTILE": {"interest": {"rate": "10.5"}},
    "BELLEVUE-BAT": {"interest": {"rate": "12.0"}, "indemnity": "40.00"},
    "BANQUE-OLIVIER": {"interest": {"reference": "tmm", "points": "3"}},
    "CLINIQUE-DU-LAC": {"interest": "none", "indemnity": "none"},
}
STREETS = {
    "FR": ("rue des Tilleuls", "avenue de la Gare", "rue du Moulin", "place du Marché", "chemin des Vignes", "rue Pasteur", "quai des Brumes", "boulevard des Lices", "allée des Érables", "rue de l'Église"),
    "TN": ("rue de Marseille", "avenue de la Liberté", "rue Ibn Khaldoun", "rue du Jasmin", "avenue de Carthage", "rue des Orangers", "rue El Jazira", "avenue Taïeb Mhiri", "rue de la Kasbah", "rue du Lac Biwa"),
}  # fmt: skip
TOWNS = {
    "FR": (("69003", "Lyon"), ("44000", "Nantes"), ("33000", "Bordeaux"), ("59000", "Lille"), ("31000", "Toulouse"), ("35000", "Rennes"), ("67000", "Strasbourg"), ("13006", "Marseille"), ("21000", "Dijon"), ("38000", "Grenoble")),
    "TN": (("1002", "Tunis"), ("3000", "Sfax"), ("4000", "Sousse"), ("5000", "Monastir"), ("2080", "Ariana"), ("8000", "Nabeul"), ("7000", "Bizerte"), ("6000", "Gabès"), ("3100", "Kairouan"), ("2036", "La Soukra")),
}  # fmt: skip
FIRST_NAMES = {
    "FR": ("Camille", "Julien", "Élodie", "Mathieu", "Anaïs", "Thierry", "Hélène", "Baptiste", "Noémie", "Gérard", "Chloé", "Rémi"),
    "TN": ("Amine", "Yosra", "Slim", "Mariem", "Hatem", "Olfa", "Nizar", "Rim", "Wassim", "Ines", "Fethi", "Sonia"),
}  # fmt: skip
LAST_NAMES = {
    "FR": ("Lefebvre", "Garnier", "Chevallier", "Noël", "Roussel", "Béranger", "Delaunay", "Marchand", "Perrin", "Fauré", "Gauthier", "Maillard", "Besson", "Renaud"),
    "TN": ("Ben Salah", "Trabelsi", "Gharbi", "Jaziri", "Mejri", "Khelifi", "Bouzid", "Ayari", "Chaabane", "Hamdi", "Sassi", "Zouari", "Dridi", "Mansour"),
}  # fmt: skip
TRADES = {
    "FR": ("Boulangerie", "Garage", "Menuiserie", "Transports", "Imprimerie", "Électricité", "Maçonnerie", "Pépinières", "Librairie", "Brasserie", "Œnothèque", "Atelier"),
    "TN": ("Société", "Ets", "Confection", "Huilerie", "Transit", "Menuiserie", "Pharmacie", "Imprimerie", "Conserverie", "Bâtiment", "Hôtel", "Électronique"),
}  # fmt: skip
TAILS = {
    "FR": ("du Centre", "des Deux Rives", "Saint-Martin", "de l'Ouest", "Moderne", "du Parc", "et Fils", "Réunis", "de la Vallée", "du Port"),
    "TN": ("du Sahel", "El Amal", "Ennasr", "de Carthage", "El Manar", "et Frères", "Méditerranée", "du Cap Bon", "El Wafa", "du Sud"),
}  # fmt: skip
LEGAL_FORMS = {"FR": ("SARL", "SAS", "EURL", "SA"), "TN": ("SARL", "SUARL", "SA", "SNC")}
NOTES = (
    "Le comptable promet de rappeler jeudi.",
    "Facture renvoyée par courriel à sa demande.",
    "Ligne occupée, nouvel essai demain matin.",
    "Le débiteur demande un duplicata du bon de livraison.",
    "Changement de gérant signalé par l'accueil.",
    "Règlement annoncé par virement, attendre le relevé.",
)
COLLECTORS = (("amel", "Amel Jaziri", "fr"), ("karim", "Karim Perrin", "fr"))
SUPERVISOR = ("claire", "Claire Delaunay", "fr")
