"""Sentences about statuses, promises, arrangements, offers and disputes. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    "in_instalments": ("{amount} agreed in instalments on {items}: not chased.",),
    # ---- promises: their days and what became of them
    "promise_follow_up": (
        "{amount} promised for {promised_on} on {items}: has it come?",
        "{amount} promised for {promised_on}: has it come?",
    ),
    "promise_checked": ("{amount} promised for {promised_on}: broken if it has not come {days} later.",),
    "promise_made": (
        "{amount} promised for {promised_on}, on {items}.",
        "{amount} promised for {promised_on}.",
    ),
    "promise_kept": ("Promise kept: {received} came, of {amount} promised for {promised_on}.",),
    "promise_partial": (
        "Promise kept in part: {received} came, of {amount} promised for {promised_on}; ask for the other {rest}.",
    ),
    "promise_broken": ("Promise broken: {amount} promised for {promised_on}, {received} received.",),
    "promise_cancelled": (
        "Promise of {amount} for {promised_on} cancelled: {note}.",
        "Promise of {amount} for {promised_on} no longer stands.",
    ),
    "promise_reopened": ("The payment that kept the promise of {amount} went back: still promised for {promised_on}.",),
    # ---- arrangements
    "instalment_reminded_before": (
        "Instalment {instalment} of {instalments} ({amount}) falls due on {due_on}: the debtor is reminded.",
    ),
    "instalment_reminded_after": (
        "Instalment {instalment} of {instalments} ({amount}), due on {due_on}, is not paid: the debtor is reminded.",
    ),
    "instalment_last_day": (
        "Instalment {instalment} of {instalments} ({amount}), due on {due_on}: missed if it has not come {days} later.",
    ),
    "instalment_missed": (
        "Instalment {instalment} of {instalments} missed: {amount} due on {due_on}, {received} received.",
    ),
    "arrangement_agreed": (
        "Arrangement agreed: {amount} in {instalments} instalments from {due_on} to {last_due_on}, {waiver} waived.",
    ),
    "arrangement_completed": ("Arrangement completed: {amount} paid, {waiver} given up.",),
    "arrangement_breached": (
        "Arrangement breached: {missed} missed, {missed_allowed} allowed; {received} of {amount} received; due again: {owed}.",
    ),
    "arrangement_cancelled": ("Arrangement of {amount} cancelled: {note}.", "Arrangement of {amount} cancelled."),
    "arrangement_reopened": ("A payment of the arrangement of {amount} went back: it goes on, nothing is waived.",),
    "arrangement_reinstated": ("The money for the arrangement of {amount} had come in time: it goes on.",),
    # ---- negotiation
    "offer_expires": ("The offer of {amount} lapses without an answer by {answer_by_on}.",),
    "offer_made": (
        "Offer by {side}: {amount} for the {owed} owed, to be answered by {answer_by_on}.",
        "Offer by {side}: {amount} for the {owed} owed.",
    ),
    "offer_accepted": ("Offer by {side} accepted: {amount}.",),
    "offer_refused": ("Offer of {amount} by {side} refused: {note}.", "Offer of {amount} by {side} refused."),
    "offer_expired": (
        "The offer of {amount} by {side} was not answered by {date}.",
        "The offer was to be answered by {date}.",
    ),
    # ---- refusals
    "date_in_the_past": ("{date} has passed.",),
    "above_owed": ("{amount} is more than the {owed} owed.",),
    "nothing_to_agree_on": ("Nothing is owed that could be agreed on.",),
    "item_owes_nothing": ("Nothing is owed on {items}.",),
    "item_disputed": ("{items} disputed: settle the dispute first.",),
    "item_promised": ("{items} promised already: cancel that promise first.",),
    "item_in_arrangement": ("{items} under an arrangement already.",),
    "unknown_promise": ("This claim has no such promise.",),
    "promise_not_open": ("The promise is {promise_state} already.",),
    "arrangement_sum": ("The instalments must add up to {expected} ({owed} owed, {waiver} waived), not to {amount}.",),
    "waiver_above_owed": ("A waiver of {waiver} leaves nothing to pay of the {owed} owed.",),
    "no_instalments": ("An arrangement needs instalments, or their number and the first date.",),
    "too_many_instalments": ("{instalments} instalments are too many: some would be of nothing, or end too late.",),
    "dates_not_in_order": ("Each instalment must fall due after the one before it.",),
    "tolerance_above_instalment": ("A tolerance of {amount} lets a whole instalment go.",),
    "unknown_arrangement": ("This claim has no such arrangement.",),
    "arrangement_not_active": ("The arrangement is {arrangement_state} already.",),
    "discount_above_limit": (
        "A discount of {percent} % needs a supervisor: this creditor lets a collector grant {limit} %.",
    ),
    "unknown_offer": ("This claim has no such offer.",),
    "offer_not_open": ("The offer is {offer_state} already.",),
    "offer_open": ("An offer by {side} waits for an answer: answer it first.",),
    "offer_of_the_same_side": ("An offer is countered by the other side.",),
    "offer_sum": ("The instalments must add up to the {expected} offered, not to {amount}.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    "in_instalments": ("{amount} à régler en plusieurs échéances sur {items} : pas de relance.",),
    # ---- promesses : leurs jours, ce qu’elles sont devenues
    "promise_follow_up": (
        "{amount} promis pour le {promised_on} sur {items} : est-ce arrivé ?",
        "{amount} promis pour le {promised_on} : est-ce arrivé ?",
    ),
    "promise_checked": ("{amount} promis pour le {promised_on} : promesse rompue si rien n’est arrivé {days} après.",),
    "promise_made": (
        "{amount} promis pour le {promised_on}, sur {items}.",
        "{amount} promis pour le {promised_on}.",
    ),
    "promise_kept": ("Promesse tenue : {received} reçus, pour {amount} promis au {promised_on}.",),
    "promise_partial": (
        "Promesse tenue en partie : {received} reçus, pour {amount} promis au {promised_on} ; réclamer les {rest} restants.",
    ),
    "promise_broken": ("Promesse rompue : {amount} promis au {promised_on}, {received} reçus.",),
    "promise_cancelled": (
        "Promesse de {amount} pour le {promised_on} annulée : {note}.",
        "La promesse de {amount} pour le {promised_on} est devenue sans objet.",
    ),
    "promise_reopened": (
        "Le versement qui tenait la promesse de {amount} est revenu impayé : toujours promis pour le {promised_on}.",
    ),
    # ---- arrangements
    "instalment_reminded_before": (
        "L’échéance {instalment} sur {instalments} ({amount}) tombe le {due_on} : rappel au débiteur.",
    ),
    "instalment_reminded_after": (
        "L’échéance {instalment} sur {instalments} ({amount}) du {due_on} n’est pas réglée : rappel au débiteur.",
    ),
    "instalment_last_day": (
        "L’échéance {instalment} sur {instalments} ({amount}) du {due_on} : manquée si rien n’est arrivé {days} après.",
    ),
    "instalment_missed": (
        "Échéance {instalment} sur {instalments} manquée : {amount} dus le {due_on}, {received} reçus.",
    ),
    "arrangement_agreed": (
        "Arrangement conclu : {amount} en {instalments} échéances du {due_on} au {last_due_on}, remise de {waiver}.",
    ),
    "arrangement_completed": ("Arrangement respecté : {amount} versés, {waiver} abandonnés.",),
    "arrangement_breached": (
        "Arrangement rompu (échéances manquées : {missed}, tolérées : {missed_allowed}) ; {received} reçus sur {amount} ; exigible : {owed}.",
    ),
    "arrangement_cancelled": ("Arrangement de {amount} annulé : {note}.", "Arrangement de {amount} annulé."),
    "arrangement_reopened": (
        "Un versement de l’arrangement de {amount} est revenu impayé : il reprend, rien n’est abandonné.",
    ),
    "arrangement_reinstated": ("Les fonds de l’arrangement de {amount} étaient arrivés à temps : il se poursuit.",),
    # ---- négociation
    "offer_expires": ("L’offre de {amount} devient caduque sans réponse au {answer_by_on}.",),
    "offer_made": (
        "Offre de {amount} pour {owed} dus, faite par {side}, réponse attendue pour le {answer_by_on}.",
        "Offre de {amount} pour {owed} dus, faite par {side}.",
    ),
    "offer_accepted": ("Offre de {amount} acceptée ; elle venait de {side}.",),
    "offer_refused": (
        "Offre de {amount} refusée ; elle venait de {side} : {note}.",
        "Offre de {amount} refusée ; elle venait de {side}.",
    ),
    "offer_expired": (
        "L’offre de {amount} faite par {side} est restée sans réponse au {date}.",
        "L’offre attendait une réponse pour le {date}.",
    ),
    # ---- refus
    "date_in_the_past": ("Le {date} est passé.",),
    "above_owed": ("{amount} dépasse les {owed} dus.",),
    "nothing_to_agree_on": ("Rien n’est dû sur quoi s’entendre.",),
    "item_owes_nothing": ("Rien n’est dû sur {items}.",),
    "item_disputed": ("{items} en litige : réglez d’abord le litige.",),
    "item_promised": ("{items} déjà promis : annulez d’abord cette promesse.",),
    "item_in_arrangement": ("{items} déjà dans un arrangement.",),
    "unknown_promise": ("Cette créance n’a pas de telle promesse.",),
    "promise_not_open": ("La promesse est déjà {promise_state}.",),
    "arrangement_sum": (
        "Les échéances doivent totaliser {expected} ({owed} dus, remise de {waiver}), et non {amount}.",
    ),
    "waiver_above_owed": ("Une remise de {waiver} ne laisse rien à payer des {owed} dus.",),
    "no_instalments": ("Un arrangement demande des échéances, ou leur nombre et la première date.",),
    "too_many_instalments": (
        "{instalments} échéances, c’est trop : il y en aurait à zéro, ou la fin serait trop loin.",
    ),
    "dates_not_in_order": ("Chaque échéance doit tomber après la précédente.",),
    "tolerance_above_instalment": ("Une tolérance de {amount} dispense d’une échéance entière.",),
    "unknown_arrangement": ("Cette créance n’a pas de tel arrangement.",),
    "arrangement_not_active": ("L’arrangement est déjà {arrangement_state}.",),
    "discount_above_limit": (
        "Une remise de {percent} % demande un superviseur : ce créancier laisse un chargé accorder {limit} %.",
    ),
    "unknown_offer": ("Cette créance n’a pas de telle offre.",),
    "offer_not_open": ("L’offre est déjà {offer_state}.",),
    "offer_open": ("Une offre faite par {side} attend une réponse : répondez-y d’abord.",),
    "offer_of_the_same_side": ("Une contre-offre vient de l’autre partie.",),
    "offer_sum": ("Les échéances doivent totaliser les {expected} offerts, et non {amount}.",),
}
