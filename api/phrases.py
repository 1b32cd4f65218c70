"""The words of the API's problem documents, by code, in the languages of the product.

A refusal of the claim itself (a stale decision, a closure with money owed) has its own sentence in wording/.
"""

from collections.abc import Mapping

LANGUAGES = ("en", "fr")

TITLES: Mapping[str, tuple[str, str]] = {
    "malformed": ("The request cannot be read", "La requête est illisible"),
    "invalid": ("The content is not acceptable", "Le contenu n’est pas acceptable"),
    "unauthenticated": ("Please sign in", "Authentification requise"),
    "forbidden": ("Your role does not allow this", "Votre rôle ne le permet pas"),
    "foreign_origin": ("This request comes from another site", "Cette requête vient d’un autre site"),
    "not_found": ("There is nothing here by this name", "Rien ne porte ce nom"),
    "method_not_allowed": ("This cannot be done here", "Cela ne se fait pas ici"),
    "too_large": ("The content is too large", "Le contenu est trop volumineux"),
    "unsupported_media_type": ("This form of content is not understood", "Ce format n’est pas pris en charge"),
    "too_many_attempts": ("Too many attempts: try again later", "Trop de tentatives : réessayez plus tard"),
    "duplicate": ("This exists already", "Ceci existe déjà"),
    "key_reused": ("This key was used for another content", "Cette clé a servi pour un autre contenu"),
    "in_use": ("This is in use: make it inactive instead", "Encore utilisé : rendez-le plutôt inactif"),
    "refused": ("Refused as things stand", "Refusé en l’état"),
    "stale": ("The proposal has changed since you saw it", "La proposition a changé depuis que vous l’avez vue"),
    "decided": ("Somebody decided before you", "Quelqu’un a décidé avant vous"),
    "changed_meanwhile": (
        "Somebody changed this since you read it",
        "Quelqu’un l’a modifié depuis que vous l’avez lu",
    ),
    "never_left": ("This has not left, and cannot come back", "Ceci n’est pas parti, et ne peut pas revenir"),
    "second_person": ("This needs a second person", "Une seconde personne est nécessaire"),
    "same_person": (
        "This needs another person than the one who asked",
        "Il faut une autre personne que celle qui l’a demandé",
    ),
    "above_limit": ("This is above the amount a collector decides", "Ceci dépasse le montant qu’un chargé décide seul"),
    "global_values": (
        "This claim has global values, and no items",
        "Cette créance est en valeurs globales, sans pièces",
    ),
    "unavailable": ("The database does not answer: try again", "La base de données ne répond pas : réessayez"),
    "unexpected": ("Something went wrong on our side", "Une erreur s’est produite de notre côté"),
}

DETAILS: Mapping[str, tuple[str, str]] = {
    "unknown_item": (
        "no item of this claim has this reference",
        "aucune pièce de cette créance ne porte cette référence",
    ),
    "unknown_action": (
        "no action of this claim has this id",
        "aucune action de cette créance ne porte cet identifiant",
    ),
    "unknown_legal_event": ("must be one of {kinds}", "doit être l’un de {kinds}"),
    "unknown_procedure": (
        "no procedure of this claim has this id",
        "aucune procédure de cette créance ne porte cet identifiant",
    ),
    "unknown_cost": ("no cost of this claim has this id", "aucun frais de cette créance ne porte cet identifiant"),
    "unknown_agent": (
        "no active agent who acts for this claim has this code",
        "aucun intervenant actif pour cette créance ne porte ce code",
    ),
    "not_a_channel": (
        "must be a channel of this action type: {channels}",
        "doit être un canal de ce type d’action : {channels}",
    ),
    "not_a_procedure": (
        "must be a legal act of litigation or enforcement",
        "doit être un acte du contentieux ou de l’exécution forcée",
    ),
    "before_start": ("is before the start, {starts_on}", "est antérieur au début, le {starts_on}"),
    "unknown_status": ("no active status has this code", "aucun statut actif ne porte ce code"),
    "unknown_dispute_kind": (
        "no active status of the category dispute has this code",
        "aucun statut actif de la catégorie litige ne porte ce code",
    ),
    "no_credit_when_rejected": (
        "a rejected dispute grants no credit",
        "un litige rejeté ne donne pas lieu à un avoir",
    ),
    "unknown_sub_stage": (
        "no active sub-stage of this stage has this code",
        "aucune sous-étape active de cette étape ne porte ce code",
    ),
    "unknown_collector": ("nobody has this code", "personne ne porte ce code"),
    "unknown_document": (
        "no document of this claim has this id",
        "aucun document de cette créance ne porte cet identifiant",
    ),
    "wrong_currency": ("the claim is in {currency}", "la créance est en {currency}"),
    "too_many_decimals": ("{currency} has {decimals} decimals", "{currency} a {decimals} décimales"),
    "not_an_amount": ("is not an amount", "n’est pas un montant"),
    "not_positive": ("must be above zero", "doit être supérieur à zéro"),
    "above_amount": ("the parts add up to more than the amount", "les parts dépassent le montant"),
    "either_or": ("give an item or allocations, not both", "donnez une pièce ou des imputations, pas les deux"),
    "in_the_future": ("is after the claim's own today, {today}", "est postérieur à la date de la créance, le {today}"),
    "before_payment": ("is before the payment's value date", "est antérieur à la date de valeur du versement"),
    "before_it_left": ("is before the day it left", "est antérieur au jour de son départ"),
    "in_the_past": ("is before the claim's own today, {today}", "est antérieur à la date de la créance, le {today}"),
    "too_short": (
        "give at least 3 characters to search inside names",
        "donnez au moins 3 caractères pour chercher dans les noms",
    ),
    "bad_cursor": ("is not a cursor of this list", "n’est pas un curseur de cette liste"),
    "unknown_sort": ("must be one of {sorts}", "doit être l’un de {sorts}"),
    "wrong_login": ("the e-mail address or the password is wrong", "l’adresse e-mail ou le mot de passe est faux"),
    "not_allowed_decision": ("must be one of {allowed}", "doit être l’un de {allowed}"),
    "needs_text": ("is needed for this", "est nécessaire ici"),
    "tick_an_item": ("tick at least one item", "cochez au moins une pièce"),
    "unknown_creditor": ("this creditor is not yours", "ce créancier n’est pas le vôtre"),
    "date_not_in_the_future": (
        "the date must be after the claim's own today",
        "la date doit être postérieure à la date de la créance",
    ),
    "unknown_action_type": ("no active action type has this code", "aucun type d’action actif ne porte ce code"),
    "unknown_scenario": ("no active scenario has this code", "aucun scénario actif ne porte ce code"),
    "unknown_version": ("the scenario has no such version", "le scénario n’a pas cette version"),
    "unknown_claim": ("no claim has this reference", "aucune créance ne porte cette référence"),
    "extra_forbidden": ("is not a field that can be given here", "n’est pas un champ que l’on peut donner ici"),
    "empty_file": ("the file is empty", "le fichier est vide"),
    "instalments_or_count": (
        "give either instalments, or count and first_due_on",
        "donnez soit des échéances, soit leur nombre et la première date",
    ),
    "counter_not_wanted": (
        "goes with the answer countered only",
        "ne va qu’avec la réponse countered",
    ),
    "unknown_offer": ("no offer of this claim has this id", "aucune offre de cette créance ne porte cet identifiant"),
    "other_code": ("must be the code in the address, {code}", "doit être le code de l’adresse, {code}"),
}


def title(code: str, language: str) -> str:
    return _in(TITLES.get(code, TITLES["refused"]), language)


def detail(code: str, language: str, /, **facts: object) -> str:
    """The sentence of an error; a code without one answers the code itself."""
    words = DETAILS.get(code)
    return code if words is None else _in(words, language).format(**facts)


def _in(words: tuple[str, str], language: str) -> str:
    return words[LANGUAGES.index(language) if language in LANGUAGES else 0]
