"""Invented words of collectors: what debtors promised, what they argue about, and the courts of the sample's claims."""

PROMISES = (
    "Virement annoncé par la comptable dès la signature du gérant.",
    "Attend le règlement d’un client, paiement promis ensuite.",
    "Chèque à poster en fin de semaine, dit-il.",
    "Règlement après la paie, confirmé par courriel.",
)
DISPUTES = (  # status, what is said, who answers it
    ("disputed_price", "Remise de 5 % convenue à la commande, absente de la facture.", "Service ventes"),
    ("disputed_admin", "Bon de commande manquant sur la facture, demande un duplicata.", "Service facturation"),
    ("disputed_technical", "Livraison incomplète : deux palettes sur trois, réserve sur le bon.", "Service logistique"),
    ("disputed_commercial", "Contrat résilié avant la période facturée, selon le débiteur.", "Service ventes"),
)
STATUSES = (
    ("invoice_copy_sent", "Duplicata envoyé à la comptabilité fournisseurs."),
    ("payment_announced", "Facture validée, dans le prochain train de paiement."),
    ("no_answer", "Trois appels sans réponse, message laissé."),
    ("to_follow", "Changement de gérant, rappeler la semaine prochaine."),
)
COURTS = {
    "FR": ("Tribunal de commerce de Lyon", "Tribunal de commerce de Nantes", "Tribunal judiciaire de Lille"),
    "TN": ("Tribunal de première instance de Tunis", "Tribunal de première instance de Sfax", "Tribunal cantonal de Sousse"),
}  # fmt: skip
