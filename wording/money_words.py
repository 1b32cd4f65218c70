"""Sentences about money: interest, indemnities, allocation, corrections. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    "rate_missing": ("Interest since {since} is not in the amounts: the rate is missing.",),
    "correction_made": (
        "Counter entry on {charge} ({correction}): {amount} from {on}. {comment}",
        "Counter entry on {charge} ({correction}): {amount} from {on}.",
    ),
    "rules_changed": (
        (
            "Interest and indemnities of the contract or of the law are counted from now on: {owed} was owed before, "
            "{amount} is now, of it {interest} of interest and {indemnities} of indemnities."
        ),
    ),
    "above_charged": ("{amount} is more than was charged: {charged} may still be corrected ({charge}).",),
    "unknown_cost": ("This cost is not of this claim.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    "rate_missing": ("Les intérêts depuis le {since} ne sont pas dans les montants : taux manquant.",),
    "correction_made": (
        "Contre-passation sur {charge} ({correction}) : {amount} à compter du {on}. {comment}",
        "Contre-passation sur {charge} ({correction}) : {amount} à compter du {on}.",
    ),
    "rules_changed": (
        (
            "Les intérêts et indemnités du contrat ou de la loi sont désormais comptés : le dossier devait {owed}, "
            "il doit {amount}, dont {interest} d’intérêts et {indemnities} d’indemnités."
        ),
    ),
    "above_charged": ("{amount} dépasse ce qui a été compté : {charged} restent corrigeables ({charge}).",),
    "unknown_cost": ("Ces frais n’appartiennent pas à ce dossier.",),
}
