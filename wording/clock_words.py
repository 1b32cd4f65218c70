"""Sentences about the clocks of the law. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- why a clock runs as it does
    "clock_since_due": ("Runs from the due date, {since}.",),
    "clock_since_opening": ("Runs from the opening here, {since}: the due dates of the global balance are not known.",),
    "clock_since_event": ("Runs from: {legal_event}, {since}.",),
    "clock_interrupted": ("Runs anew from what interrupted it: {legal_event}, {on}.",),
    "clock_stands_still": ("Stands still since {on}: {legal_event}.",),
    "clock_met": ("Done in time: {legal_event}, {on}.",),
    # ---- warnings
    "clock_warning": (
        "{clock} of {items}: {days} left, the last one is {runs_out_on} ({source}).",
        "{clock}: {days} left, the last one is {runs_out_on} ({source}).",
    ),
    "limitation_over": (
        "{items}: limitation run out on {runs_out_on} ({source}). Nothing legal is possible any more, only amicably.",
    ),
    "clock_over": (
        "{clock} of {items}: the time is over, its last day was {runs_out_on} ({source}).",
        "{clock}: the time is over, its last day was {runs_out_on} ({source}).",
    ),
    "clock_waited_for": (
        "{clock} of {items}: the debtor has until {runs_out_on} ({source}); then the matter can go on.",
        "{clock}: the debtor has until {runs_out_on} ({source}); then the matter can go on.",
    ),
    "only_amicably": ("Amicably only: the limitation has run out ({since}), nothing can be done in law any more.",),
    # ---- the timeline
    "clock_warned": (
        "Warning, {clock} of {items}: {days} left, until {runs_out_on}",
        "Warning, {clock}: {days} left, until {runs_out_on}",
    ),
    "clock_ran_out": (
        "{clock} of {items}: ran out on {runs_out_on}",
        "{clock}: ended on {runs_out_on}",
    ),
    "clock_moved": ("{clock}: now until {runs_out_on}", "{clock}: no longer runs as before"),
    "legal_event_recorded": (
        "Event in law: {legal_event}, {on}, for {items}",
        "Event in law: {legal_event}, {on}",
    ),
    "legal_event_retracted": (
        "Event in law retracted: {legal_event}, {on}, for {items}. {comment}",
        "Event in law retracted: {legal_event}, {on}. {comment}",
    ),
    # ---- refusals
    "unknown_legal_event": ("The law knows no event “{legal_event}”.",),
    "unknown_procedure": ("This claim has no such procedure.",),
    "no_such_legal_event": ("This claim has no such event.",),
    "retracted_already": ("This event was retracted before, by {by}.",),
    "too_late_in_law": ("Too late in law: {clock}, last day {runs_out_on} ({source}).",),
    "enforcement_too_early": ("Too early after the service: nothing is enforced before {since}.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- why a clock runs as it does
    "clock_since_due": ("Court depuis l’échéance, le {since}.",),
    "clock_since_opening": (
        "Court depuis l’ouverture ici, le {since} : les échéances du solde global sont inconnues.",
    ),
    "clock_since_event": ("Court depuis : {legal_event}, le {since}.",),
    "clock_interrupted": ("Repart de ce qui l’a interrompu : {legal_event}, le {on}.",),
    "clock_stands_still": ("Arrêté depuis le {on} : {legal_event}.",),
    "clock_met": ("Fait dans le délai : {legal_event}, le {on}.",),
    # ---- warnings
    "clock_warning": (
        "{clock} ({items}) : encore {days}, jusqu’au {runs_out_on} inclus ({source}).",
        "{clock} : encore {days}, jusqu’au {runs_out_on} inclus ({source}).",
    ),
    "limitation_over": (
        "{items} : prescription acquise le {runs_out_on} ({source}). Le débiteur peut l’opposer en justice ; reste le paiement volontaire.",
    ),
    "clock_over": (
        "{clock} ({items}) : délai expiré, le dernier jour était le {runs_out_on} ({source}).",
        "{clock} : délai expiré, le dernier jour était le {runs_out_on} ({source}).",
    ),
    "clock_waited_for": (
        "{clock} ({items}) : le débiteur a jusqu’au {runs_out_on} ({source}) ; ensuite l’affaire peut avancer.",
        "{clock} : le débiteur a jusqu’au {runs_out_on} ({source}) ; ensuite l’affaire peut avancer.",
    ),
    "only_amicably": ("À l’amiable seulement : prescription acquise ({since}), plus rien n’est possible en justice.",),
    # ---- the timeline
    "clock_warned": (
        "Alerte, {clock} ({items}) : encore {days}, jusqu’au {runs_out_on}",
        "Alerte, {clock} : encore {days}, jusqu’au {runs_out_on}",
    ),
    "clock_ran_out": (
        "{clock} ({items}) : expiré le {runs_out_on}",
        "{clock} : terminé le {runs_out_on}",
    ),
    "clock_moved": ("{clock} : désormais jusqu’au {runs_out_on}", "{clock} : ne court plus comme avant"),
    "legal_event_recorded": (
        "Événement juridique : {legal_event}, le {on}, pour {items}",
        "Événement juridique : {legal_event}, le {on}",
    ),
    "legal_event_retracted": (
        "Événement juridique rétracté : {legal_event}, le {on}, pour {items}. {comment}",
        "Événement juridique rétracté : {legal_event}, le {on}. {comment}",
    ),
    # ---- refusals
    "unknown_legal_event": ("La loi ne connaît pas d’événement « {legal_event} ».",),
    "unknown_procedure": ("Cette créance n’a pas cette procédure.",),
    "no_such_legal_event": ("Cette créance n’a pas cet événement.",),
    "retracted_already": ("Cet événement a déjà été rétracté, par {by}.",),
    "too_late_in_law": ("Trop tard en droit : {clock}, dernier jour le {runs_out_on} ({source}).",),
    "enforcement_too_early": ("Trop tôt après la signification : aucune exécution avant le {since}.",),
}
