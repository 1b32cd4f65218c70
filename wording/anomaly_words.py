"""Sentences about anomalies, returned mail and priority. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- alerts
    "item_without_due_date": ("Without a due date: {items}.", "An item has no due date."),
    "no_planned_action": ("No action has been planned since {since}.", "No action is planned."),
    "plan_impossible": ("The plan cannot be computed, since {since}.", "The plan cannot be computed."),
    "payment_due_soon": ("{amount} expected on {due_on}.",),
    "payment_overdue": ("{amount} was expected, the oldest part on {due_on}.",),
    "payment_larger_than_debt": ("{amount} more was paid than is owed: to be paid back.",),
    "broken_promise_unanswered": (
        "The promise of {amount} for {promised_on} was broken, and nobody has answered.",
        "A promise was broken, and nobody has answered.",
    ),
    "missing_contact": ("Neither an e-mail nor a postal address to write to, since {since}.",),
    "bad_contact": ("Contact data to be corrected: {wrong}.",),
    "limitation_near": ("A legal deadline runs out on {runs_out_on}.", "A legal deadline runs out soon."),
    "duplicate_debtor": ("The same {same} as the debtor {debtors}.",),
    "duplicate_item": ("{items} also on the claim {claims}.", "Twice in this claim: {items}."),
    "returned_letter_unhandled": ("Mail came back on {returned_on} ({reason}), and nothing was done since.",),
    "task_overdue": (
        "Tasks left without an answer: {tasks}, the first “{task}”.",
        "A task was left without an answer.",
    ),
    # ---- returned mail
    "letter_returned": ("A letter came back on {returned_on}: {reason}.",),
    "email_bounced": ("An e-mail came back on {returned_on}: {reason}.",),
    # ---- priority
    "priority_promise_unanswered": ("Broken promises: {promises}, the last one unanswered.",),
    "priority_promises_broken": ("Broken promises: {promises}.",),
    "priority_clock": ("A legal deadline runs out in {days}, on {runs_out_on}.", "A legal deadline is near."),
    "priority_silence": ("Last contact {days} ago, on {since}.",),
    "priority_never_contacted": ("No contact in {days}, since {since}.",),
    "priority_pays": ("Paid something lately, on {value_date}.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- alertes
    "item_without_due_date": ("Sans échéance : {items}.", "Une pièce n’a pas d’échéance."),
    "no_planned_action": ("Aucune action n’est prévue depuis le {since}.", "Aucune action n’est prévue."),
    "plan_impossible": ("Le plan ne peut pas être calculé, depuis le {since}.", "Le plan ne peut pas être calculé."),
    "payment_due_soon": ("{amount} attendus le {due_on}.",),
    "payment_overdue": ("{amount} étaient attendus, la part la plus ancienne le {due_on}.",),
    "payment_larger_than_debt": ("{amount} versés en trop : à rembourser.",),
    "broken_promise_unanswered": (
        "La promesse de {amount} pour le {promised_on} n’a pas été tenue, et personne n’a réagi.",
        "Une promesse n’a pas été tenue, et personne n’a réagi.",
    ),
    "missing_contact": ("Ni e-mail ni adresse postale où écrire, depuis le {since}.",),
    "bad_contact": ("Coordonnées à corriger : {wrong}.",),
    "limitation_near": ("Un délai légal expire le {runs_out_on}.", "Un délai légal expire bientôt."),
    "duplicate_debtor": ("Même {same} que le débiteur {debtors}.",),
    "duplicate_item": ("{items} aussi dans le dossier {claims}.", "En double dans ce dossier : {items}."),
    "returned_letter_unhandled": ("Pli revenu le {returned_on} ({reason}), sans suite depuis.",),
    "task_overdue": (
        "Tâches restées sans réponse : {tasks}, dont « {task} ».",
        "Une tâche est restée sans réponse.",
    ),
    # ---- plis revenus
    "letter_returned": ("Un courrier est revenu le {returned_on} : {reason}.",),
    "email_bounced": ("Un e-mail est revenu le {returned_on} : {reason}.",),
    # ---- priorité
    "priority_promise_unanswered": ("Promesses non tenues : {promises}, la dernière sans réaction.",),
    "priority_promises_broken": ("Promesses non tenues : {promises}.",),
    "priority_clock": ("Un délai légal expire dans {days}, le {runs_out_on}.", "Un délai légal est proche."),
    "priority_silence": ("Dernier contact il y a {days}, le {since}.",),
    "priority_never_contacted": ("Aucun contact en {days}, depuis le {since}.",),
    "priority_pays": ("A versé récemment, le {value_date}.",),
}
