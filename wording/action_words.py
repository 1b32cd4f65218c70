"""Sentences about actions chosen by a person, agents, procedures, guarantees. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- why an action leaves
    "leaves_by_itself": ("{action_type}: automatic, leaves now.",),
    # ---- agents
    "agent_starts": ("{action_type} is given to {agent} on {on}.",),
    "agent_is_reminded": ("{agent} is reminded of {action_type} on {on}: nothing has come back.",),
    "agent_is_late": ("{agent} should have finished {action_type}: somebody is asked on {on}.",),
    "agent_overdue": (
        "{agent} is late with {action_type}: expected by {planned_end_on}, last reminded on {reminded_on}.",
        "{agent} is late with {action_type}: expected by {planned_end_on}.",
        "{agent} does not answer about {action_type}.",
    ),
    "given_to_agent": (
        "{action_type} given to {agent}, expected by {planned_end_on}.",
        "{action_type} given to {agent}.",
    ),
    "agent_reminded": ("{agent} reminded of {action_type}; again on {again_on} if nothing comes back.",),
    "agent_came_back": ("News from {agent} about {action_type}.",),
    # ---- actions of a person
    "action_planned": ("{action_type} planned for {starts_on}, no. {sequence}.",),
    "action_changed": ("{action_type} changed: {fields}.", "{action_type} changed."),
    "action_released": ("{action_type} executed by a person: it leaves.",),
    "action_given_up": ("{action_type} given up ({reason}).", "{action_type} given up."),
    # ---- procedures
    "procedure_opened": ("{procedure}: opened on {on}.",),
    "procedure_changed": ("{procedure}: {fields} changed.", "{procedure}: changed."),
    "hearing_set": ("{procedure}: hearing on {hearing_on}.",),
    "hearing_recorded": ("{procedure}: the hearing of {hearing_on} was held.",),
    "hearing_near": ("{procedure}: the hearing of {hearing_on} is to be prepared.",),
    "hearing_held": ("{procedure}: what came out of the hearing of {hearing_on}?",),
    "judgment_given": ("{procedure}: decided on {on} ({judgment}).",),
    "title_obtained": ("{procedure}: enforceable title of {on} ({title}).",),
    "served": ("{procedure}: served on {on} ({service_mode}).",),
    "procedure_ended": ("{procedure}: ended on {on} ({result}).",),
    # ---- guarantees
    "guarantee_added": ("Guarantee added: {guarantee}.",),
    "guarantee_changed": ("Guarantee changed: {guarantee}.",),
    "guarantee_released": (
        "Guarantee released on {on}: {guarantee}. {comment}",
        "Guarantee released on {on}: {guarantee}.",
    ),
    "guarantee_runs_out": ("The guarantee ({guarantee}) runs out on {valid_until}.",),
    # ---- refusals
    "unknown_agent": ("No active agent {agent} acts for this claim.",),
    "not_a_channel": ("It cannot go by {channel}; possible: {channels}.",),
    "date_before_start": ("{field}: {date} is before {starts_on}.",),
    "date_in_the_future": ("{date} is still to come.",),
    "action_leaves": ("{action_type} is on its way out: it can no longer be changed.",),
    "action_ended": ("{action_type} is over ({result}).",),
    "unknown_procedure_kind": ("{procedure} is no procedure of litigation or enforcement.",),
    "unknown_procedure": ("This procedure does not exist.",),
    "procedure_is_ended": ("This procedure ended on {on}.", "This procedure has ended."),
    "unknown_hearing": ("This hearing does not exist.",),
    "unknown_guarantee": ("This guarantee does not exist.",),
    "guarantee_is_released": ("This guarantee was released on {on}.",),
    "ends_before_it_begins": ("It would end on {valid_until}, before it begins on {valid_from}.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- why an action leaves
    "leaves_by_itself": ("{action_type} : automatique, part maintenant.",),
    # ---- agents
    "agent_starts": ("{action_type} : confié à {agent} le {on}.",),
    "agent_is_reminded": ("Relance de {agent} pour {action_type} le {on} : rien n’est revenu.",),
    "agent_is_late": ("{agent} devrait avoir terminé {action_type} : quelqu’un est prévenu le {on}.",),
    "agent_overdue": (
        "{agent} est en retard pour {action_type} : attendu pour le {planned_end_on}, relancé le {reminded_on}.",
        "{agent} est en retard pour {action_type} : attendu pour le {planned_end_on}.",
        "{agent} ne répond pas au sujet de {action_type}.",
    ),
    "given_to_agent": (
        "{action_type} : confié à {agent}, attendu pour le {planned_end_on}.",
        "{action_type} : confié à {agent}.",
    ),
    "agent_reminded": ("{agent} relancé pour {action_type} ; de nouveau le {again_on} si rien ne revient.",),
    "agent_came_back": ("Retour de {agent} pour {action_type}.",),
    # ---- actions of a person
    "action_planned": ("{action_type} planifié pour le {starts_on}, n° {sequence}.",),
    "action_changed": ("{action_type} modifié : {fields}.", "{action_type} modifié."),
    "action_released": ("{action_type} exécuté par une personne : part maintenant.",),
    "action_given_up": ("{action_type} abandonné ({reason}).", "{action_type} abandonné."),
    # ---- procedures
    "procedure_opened": ("{procedure} : engagée le {on}.",),
    "procedure_changed": ("{procedure} : {fields} modifiés.", "{procedure} : modifiée."),
    "hearing_set": ("{procedure} : audience le {hearing_on}.",),
    "hearing_recorded": ("{procedure} : audience du {hearing_on} tenue.",),
    "hearing_near": ("{procedure} : l’audience du {hearing_on} est à préparer.",),
    "hearing_held": ("{procedure} : que s’est-il décidé à l’audience du {hearing_on} ?",),
    "judgment_given": ("{procedure} : décision du {on} ({judgment}).",),
    "title_obtained": ("{procedure} : titre exécutoire du {on} ({title}).",),
    "served": ("{procedure} : signification le {on} ({service_mode}).",),
    "procedure_ended": ("{procedure} : terminée le {on} ({result}).",),
    # ---- guarantees
    "guarantee_added": ("Garantie ajoutée : {guarantee}.",),
    "guarantee_changed": ("Garantie modifiée : {guarantee}.",),
    "guarantee_released": (
        "Mainlevée de la garantie le {on} : {guarantee}. {comment}",
        "Mainlevée de la garantie le {on} : {guarantee}.",
    ),
    "guarantee_runs_out": ("La garantie ({guarantee}) prend fin le {valid_until}.",),
    # ---- refusals
    "unknown_agent": ("Aucun intervenant actif {agent} n’agit pour ce dossier.",),
    "not_a_channel": ("Le canal {channel} n’est pas possible ; possibles : {channels}.",),
    "date_before_start": ("{field} : le {date} est antérieur au {starts_on}.",),
    "date_in_the_future": ("Le {date} est encore à venir.",),
    "action_leaves": ("{action_type} est en train de partir : il ne se modifie plus.",),
    "action_ended": ("{action_type} est terminé ({result}).",),
    "unknown_procedure_kind": ("{procedure} n’est pas une procédure du contentieux ou de l’exécution forcée.",),
    "unknown_procedure": ("Cette procédure n’existe pas.",),
    "procedure_is_ended": ("Cette procédure est terminée depuis le {on}.", "Cette procédure est terminée."),
    "unknown_hearing": ("Cette audience n’existe pas.",),
    "unknown_guarantee": ("Cette garantie n’existe pas.",),
    "guarantee_is_released": ("Mainlevée de cette garantie a été donnée le {on}.",),
    "ends_before_it_begins": ("Elle finirait le {valid_until}, avant de commencer le {valid_from}.",),
}
