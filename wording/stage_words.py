"""Sentences about stages, sub-stages, second approvals, suspension. Code -> forms, of which the first whose facts are all there is used."""

ENGLISH: dict[str, tuple[str, ...]] = {
    # ---- proposed, asked, agreed
    "stage_proposed": ("{action_type}, no. {sequence}, proposes the {stage} stage.",),
    "second_person_needed": (
        "Two people must agree: {asked_by} asked for the {stage} stage.",
        "Two people must agree: {asked_by} asked for the ending “{ending}”, {amount} owed.",
        "Two people must agree: {asked_by} asked for the {act} of {amount}.",
        "Two people must agree: {asked_by} asked for the {act}.",
    ),
    "approval_asked": (
        "A second person is asked for the {stage} stage: {reason}.",
        "A second person is asked for the {stage} stage.",
        "A second person is asked for the ending “{ending}”: {reason}.",
        "A second person is asked for the ending “{ending}”.",
        "A second person is asked for the {act} of {amount}.",
        "A second person is asked for the {act}.",
    ),
    "approved": (
        "Approved: the {stage} stage, asked for by {asked_by}.",
        "Approved: the {stage} stage.",
        "Approved: the ending “{ending}”, asked for by {asked_by}.",
        "Approved: the {act} of {amount}, asked for by {asked_by}.",
        "Approved: the {act}, asked for by {asked_by}.",
    ),
    "refused": (
        "Not agreed: the {stage} stage. {comment}",
        "Not agreed: the {stage} stage.",
        "Not agreed: the ending “{ending}”. {comment}",
        "Not agreed: the ending “{ending}”.",
        "Not agreed: the {act} of {amount}. {comment}",
        "Not agreed: the {act} of {amount}.",
        "Not agreed: the {act}. {comment}",
        "Not agreed: the {act}.",
    ),
    # ---- carried out
    "stage_changed": (
        "{stage} stage, sub-stage {sub_stage}: {reason}.",
        "{stage} stage, sub-stage {sub_stage}.",
        "{stage} stage: {reason}.",
        "{stage} stage.",
    ),
    "sub_stage_changed": ("Sub-stage {sub_stage}: {reason}.", "Sub-stage {sub_stage}."),
    "closure_asked": ("Closure asked for: {ending}, {reason}.", "Closure asked for: {ending}."),
    "written_off": ("{amount} written off: {reason}.", "{amount} written off."),
    "claim_reopened": ("Claim reopened in the {stage} stage: {reason}.", "Claim reopened in the {stage} stage."),
    # ---- suspended, held
    "suspended": (
        "Claim suspended until {until}: {reason}.",
        "Claim suspended until further notice: {reason}.",
        "Claim suspended until {until}.",
        "Claim suspended until further notice.",
    ),
    "held": ("The claim is held by the debtor’s situation: {situation}.",),
    "hold_ended": ("The debtor’s situation ({situation}) has ended: the claim goes on.",),
    "declare_claim": (
        "The debtor is in insolvency proceedings, known since {since}: the claim must be declared in time.",
    ),
    "find_heirs": ("The debtor has died, known since {since}: the heirs must be found before anything is asked.",),
    "debtor_ceased": ("The debtor has ceased trading, known since {since}: decide how the claim goes on.",),
    # ---- refusals
    "unknown_sub_stage": ("{sub_stage} is not an active sub-stage of the {stage} stage.",),
    "stage_already": ("The claim stands there already: {stage} stage.",),
    "no_title": (
        "There is no enforceable title yet: record the procedure with its title, or the judgment, and then start enforcement.",
    ),
    "approval_open": ("{asked_by} has asked for this already: a second person must answer first.",),
    "same_person": ("{asked_by} asked for this: another person must agree.",),
    "second_person": ("A second person must agree; a machine cannot be that person.",),
    "overtaken": ("The claim has moved on meanwhile: what was asked no longer applies.",),
    "above_limit": (
        "{amount} is due, above the {limit} up to which a collector decides alone: a supervisor must decide.",
    ),
    "not_closed": ("The claim is not closed.",),
    "nothing_to_reopen": ("Nothing is owed: a paid claim lives again by itself when something is owed again.",),
}

FRENCH: dict[str, tuple[str, ...]] = {
    # ---- proposed, asked, agreed
    "stage_proposed": ("{action_type}, n° {sequence}, propose l’étape {stage}.",),
    "second_person_needed": (
        "Deux personnes doivent être d’accord : {asked_by} a demandé l’étape {stage}.",
        "Deux personnes doivent être d’accord : {asked_by} a demandé l’issue « {ending} », {amount} restant dus.",
        "Deux personnes doivent être d’accord : {asked_by} a demandé ceci : {act}, {amount}.",
        "Deux personnes doivent être d’accord : {asked_by} a demandé ceci : {act}.",
    ),
    "approval_asked": (
        "Seconde personne sollicitée pour l’étape {stage} : {reason}.",
        "Seconde personne sollicitée pour l’étape {stage}.",
        "Seconde personne sollicitée pour l’issue « {ending} » : {reason}.",
        "Seconde personne sollicitée pour l’issue « {ending} ».",
        "Seconde personne sollicitée : {act}, {amount}.",
        "Seconde personne sollicitée : {act}.",
    ),
    "approved": (
        "Approuvé : étape {stage}, demandée par {asked_by}.",
        "Approuvé : étape {stage}.",
        "Approuvé : issue « {ending} », demandée par {asked_by}.",
        "Approuvé : {act}, {amount}, à la demande de {asked_by}.",
        "Approuvé : {act}, à la demande de {asked_by}.",
    ),
    "refused": (
        "Pas d’accord : étape {stage}. {comment}",
        "Pas d’accord : étape {stage}.",
        "Pas d’accord : issue « {ending} ». {comment}",
        "Pas d’accord : issue « {ending} ».",
        "Pas d’accord : {act}, {amount}. {comment}",
        "Pas d’accord : {act}, {amount}.",
        "Pas d’accord : {act}. {comment}",
        "Pas d’accord : {act}.",
    ),
    # ---- carried out
    "stage_changed": (
        "Étape {stage}, sous-étape {sub_stage} : {reason}.",
        "Étape {stage}, sous-étape {sub_stage}.",
        "Étape {stage} : {reason}.",
        "Étape {stage}.",
    ),
    "sub_stage_changed": ("Sous-étape {sub_stage} : {reason}.", "Sous-étape {sub_stage}."),
    "closure_asked": ("Clôture demandée : {ending}, {reason}.", "Clôture demandée : {ending}."),
    "written_off": ("{amount} passés en perte : {reason}.", "{amount} passés en perte."),
    "claim_reopened": ("Dossier rouvert à l’étape {stage} : {reason}.", "Dossier rouvert à l’étape {stage}."),
    # ---- suspended, held
    "suspended": (
        "Dossier suspendu jusqu’au {until} : {reason}.",
        "Dossier suspendu jusqu’à nouvel ordre : {reason}.",
        "Dossier suspendu jusqu’au {until}.",
        "Dossier suspendu jusqu’à nouvel ordre.",
    ),
    "held": ("Le dossier est arrêté par la situation du débiteur : {situation}.",),
    "hold_ended": ("La situation du débiteur ({situation}) a pris fin : le dossier reprend.",),
    "declare_claim": (
        "Le débiteur est en procédure collective, connue depuis le {since} : la créance doit être déclarée à temps.",
    ),
    "find_heirs": (
        "Le débiteur est décédé, ce qui est connu depuis le {since} : retrouver les héritiers avant toute demande.",
    ),
    "debtor_ceased": (
        "Le débiteur a cessé son activité, ce qui est connu depuis le {since} : décider de la suite du dossier.",
    ),
    # ---- refusals
    "unknown_sub_stage": ("{sub_stage} n’est pas une sous-étape active de l’étape {stage}.",),
    "stage_already": ("Le dossier s’y trouve déjà : étape {stage}.",),
    "no_title": (
        "Il n’y a pas encore de titre exécutoire : enregistrez la procédure avec son titre, ou le jugement, avant l’exécution.",
    ),
    "approval_open": ("{asked_by} l’a déjà demandé : une seconde personne doit d’abord répondre.",),
    "same_person": ("{asked_by} l’a demandé : une autre personne doit donner son accord.",),
    "second_person": ("Une seconde personne doit donner son accord ; une machine ne peut pas être celle-là.",),
    "overtaken": ("Le dossier a avancé entre-temps : ce qui était demandé n’a plus lieu d’être.",),
    "above_limit": ("{amount} sont dus, au-delà des {limit} qu’un chargé décide seul : un superviseur doit décider.",),
    "not_closed": ("Le dossier n’est pas clos.",),
    "nothing_to_reopen": ("Rien n’est dû : un dossier payé revit de lui-même dès que quelque chose est dû à nouveau.",),
}
