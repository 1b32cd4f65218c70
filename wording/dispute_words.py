"""Sentences about statuses of items, their follow-ups, disputes and exclusions. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- why not now, and why then
    "specific_action": ("{amount} on {items} under an action of their own: the scenario leaves them alone.",),
    "excluded": ("{amount} on {items} excluded by a person: owed, and not asked for.",),
    "follow_up": ("{action_type}: follow-up of the status of {items}, on {planned_at}.",),
    "dispute_unanswered": ("{status} on {items}: an answer was expected by {answer_due_on}.",),
    # ---- the timeline
    "dispute_raised": (
        "{status} raised on {items}, answer expected by {answer_due_on}.",
        "{status} raised on {items}.",
    ),
    "dispute_settled": (
        "Dispute on {items} {resolution}, credit of {amount}.",
        "Dispute on {items} {resolution}.",
        "Dispute on {items} ended: they have another status.",
    ),
    "follow_up_changed": ("Follow-up of {items} moved to {follow_up_on}.",),
    "items_excluded": ("No longer asked for: {items}. {note}", "No longer asked for: {items}."),
    "items_included": ("Asked for again: {items}. {note}", "Asked for again: {items}."),
    # ---- refusals
    "no_status": ("No status, so nothing to follow up, on {items}.",),
    "already_disputed": ("A dispute is open already on {items}.",),
    "unknown_dispute_kind": ("{status} is not an active status of the category dispute.",),
    "unknown_dispute": ("This claim has no such dispute.",),
    "already_resolved": ("This dispute is resolved already.",),
    "credit_needed": ("A dispute accepted in part needs the amount of the credit.",),
    "no_credit_when_rejected": ("A rejected dispute grants no credit.",),
    "credit_above_owed": ("A credit of {amount} is more than the {owed} that the disputed items owe.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- why not now, and why then
    "specific_action": ("{amount} sur {items}, suivis par une action spécifique : hors scénario.",),
    "excluded": ("{amount} sur {items}, exclus par une personne : dus, mais pas réclamés.",),
    "follow_up": ("{action_type} : suivi du statut de {items}, le {planned_at}.",),
    "dispute_unanswered": ("{status} sur {items} : une réponse était attendue pour le {answer_due_on}.",),
    # ---- the timeline
    "dispute_raised": (
        "{status} ouvert sur {items}, réponse attendue pour le {answer_due_on}.",
        "{status} ouvert sur {items}.",
    ),
    "dispute_settled": (
        "Litige sur {items} {resolution}, avoir de {amount}.",
        "Litige sur {items} {resolution}.",
        "Litige sur {items} terminé : un autre statut leur a été donné.",
    ),
    "follow_up_changed": ("Suivi de {items} reporté au {follow_up_on}.",),
    "items_excluded": ("Plus réclamé : {items}. {note}", "Plus réclamé : {items}."),
    "items_included": ("De nouveau réclamé : {items}. {note}", "De nouveau réclamé : {items}."),
    # ---- refusals
    "no_status": ("Aucun statut, donc rien à suivre, sur {items}.",),
    "already_disputed": ("Un litige est déjà ouvert sur {items}.",),
    "unknown_dispute_kind": ("{status} n’est pas un statut actif de la catégorie litige.",),
    "unknown_dispute": ("Cette créance n’a pas ce litige.",),
    "already_resolved": ("Ce litige est déjà résolu.",),
    "credit_needed": ("Un litige accepté en partie demande le montant de l’avoir.",),
    "no_credit_when_rejected": ("Un litige rejeté ne donne pas lieu à un avoir.",),
    "credit_above_owed": ("Un avoir de {amount} dépasse les {owed} que doivent les pièces en litige.",),
}
