"""Sentences about the scenario: contacts, exclusions, versions. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- items that are not asked
    "excluded": ("{amount} on {items}, excluded by a person: owed, not chased.",),
    "specific_action": (
        "{amount} on {items} has its own action ({actions}): off the scenario until it ends.",
        "{amount} on {items} has its own action: off the scenario until it ends.",
    ),
    "item_too_small": ("{amount} on {items}, each below {minimum}: not chased.",),
    # ---- who may be contacted, and when
    "contact_cap": ("At most {contacts} contacts with the debtor in {days}, all claims together: not before {until}.",),
    "opted_out": ("The debtor has opted out of {channels}: {action_type} does not come.",),
    "lawful_hours": ("The law allows contacts from {opens} to {closes}: not before {until}.",),
    "unreadable_parameter": ("The parameter {parameter} of the country {country} cannot be read: “{value}”.",),
    "no_sending_hours": ("The law of {country} leaves the scenario {scenario} no hour to send in.",),
    # ---- moving a claim
    "same_scenario": ("The claim follows the scenario {scenario}, version {version}, already.",),
    "inactive_scenario": ("The scenario {scenario} is no longer active.",),
    "unreadable_scenario": ("Version {version} of the scenario {scenario} can no longer be read: {fields}.",),
    "leaves_at_once": (
        "{action_type} would leave at once by {channel}.",
        "{action_type} would come at once.",
    ),
    "asked_at_once": ("{action_type} would be given to a person at once.",),
    "proposal_withdrawn": ("The open task “{task}” ({action_type}) would be withdrawn.",),
    "nothing_to_take": ("The new scenario would have no step left to take for this claim.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- pièces qui ne sont pas demandées
    "excluded": ("{amount} sur {items}, exclus par une personne : dus, pas de relance.",),
    "specific_action": (
        "{amount} sur {items} font l’objet d’une action spécifique ({actions}) : hors scénario jusqu’à sa fin.",
        "{amount} sur {items} font l’objet d’une action spécifique : hors scénario jusqu’à sa fin.",
    ),
    "item_too_small": ("{amount} sur {items}, chacune sous {minimum} : pas de relance.",),
    # ---- qui peut être contacté, et quand
    "contact_cap": (
        "Au plus {contacts} contacts avec le débiteur en {days}, tous dossiers confondus : pas avant le {until}.",
    ),
    "opted_out": ("Le débiteur refuse {channels} : {action_type} n’a pas lieu.",),
    "lawful_hours": ("La loi permet les contacts de {opens} à {closes} : pas avant le {until}.",),
    "unreadable_parameter": ("Le paramètre {parameter} du pays {country} est illisible : « {value} ».",),
    "no_sending_hours": ("La loi du pays {country} ne laisse au scénario {scenario} aucune heure d’envoi.",),
    # ---- changer de scénario
    "same_scenario": ("Le dossier suit déjà le scénario {scenario}, version {version}.",),
    "inactive_scenario": ("Le scénario {scenario} n’est plus actif.",),
    "unreadable_scenario": ("La version {version} du scénario {scenario} ne peut plus être lue : {fields}.",),
    "leaves_at_once": (
        "{action_type} partirait aussitôt par {channel}.",
        "{action_type} viendrait aussitôt.",
    ),
    "asked_at_once": ("{action_type} serait aussitôt confié à une personne.",),
    "proposal_withdrawn": ("La tâche ouverte « {task} » ({action_type}) serait retirée.",),
    "nothing_to_take": ("Le nouveau scénario n’aurait plus de niveau de relance à prendre pour ce dossier.",),
}
