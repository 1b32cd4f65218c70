"""Labels of the fixed codes (stages, channels, modes, outcomes, tasks...) and of the standard catalogue, by language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wording.figures import label

# kind of code -> code -> (French, English)
LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "stage": {
        "amicable": ("amiable", "amicable"),
        "litigation": ("contentieuse", "litigation"),
        "enforcement": ("exécution forcée", "enforcement"),
        "closed": ("close", "closed"),
    },
    "ending": {
        "paid": ("payé", "paid"),
        "written_off": ("passé en perte", "written off"),
        "withdrawn": ("retiré", "withdrawn"),
        "irrecoverable": ("irrécouvrable", "irrecoverable"),
    },
    "channel": {
        "email": ("e-mail", "e-mail"),
        "letter": ("courrier", "letter"),
        "registered_letter": ("lettre recommandée", "registered letter"),
        "sms": ("SMS", "text message"),
        "call": ("appel", "call"),
        "visit": ("visite", "visit"),
        "internal_email": ("e-mail interne", "internal e-mail"),
        "legal_act": ("acte", "legal act"),
    },
    "mode": {
        "automatic": ("automatique", "automatic"),
        "to_confirm": ("à confirmer", "to confirm"),
        "manual": ("manuelle", "manual"),
    },
    "action_state": {
        "planned": ("planifiée", "planned"),
        "proposed": ("proposée", "proposed"),
        "confirmed": ("confirmée", "confirmed"),
        "sending": ("en cours d’envoi", "leaving"),
        "finished": ("terminée", "finished"),
    },
    "outcome": {
        "sent": ("envoyé", "sent"),
        "done": ("fait", "done"),
        "overridden": ("remplacé", "overridden"),
        "skipped": ("ignoré", "skipped"),
        "withdrawn": ("retiré", "withdrawn"),
        "expired": ("expiré", "expired"),
        "failed": ("échoué", "failed"),
    },
    "task_kind": {
        "confirm_action": ("à confirmer", "to confirm"),
        "do_action": ("à faire", "to do"),
        "stage_change": ("changement de phase", "stage change"),
        "second_approval": ("seconde approbation", "second approval"),
        "broken_promise": ("promesse non tenue", "broken promise"),
        "find_address": ("adresse à trouver", "find the address"),
        "reply": ("réponse reçue", "reply"),
        "agent_overdue": ("intervenant en retard", "agent overdue"),
        "clock": ("délai légal", "legal deadline"),
        "anomaly": ("anomalie", "anomaly"),
    },
    "task_state": {
        "open": ("ouverte", "open"),
        "decided": ("décidée", "decided"),
        "withdrawn": ("retirée", "withdrawn"),
        "expired": ("expirée", "expired"),
    },
    "decision": {
        "confirm": ("Confirmer", "Confirm"),
        "override": ("Passer outre", "Override"),
        "postpone": ("Reporter", "Postpone"),
        "skip": ("Ignorer", "Skip"),
        "done": ("Fait", "Done"),
        "refuse": ("Refuser", "Refuse"),
    },
    "result": {
        "reached": ("joint", "reached"),
        "no_answer": ("pas de réponse", "no answer"),
        "wrong_number": ("faux numéro", "wrong number"),
        "refused": ("refus de payer", "refused"),
        "promise": ("promesse", "promise"),
        "dispute": ("litige", "dispute"),
    },
    "on_expiry": {
        "withdraw": ("l’action est retirée", "the action is withdrawn"),
        "send": ("l’action part", "the action leaves"),
        "wait": ("le dossier attend", "the claim waits"),
    },
    "reason": {
        "paid": ("payé", "paid"),
        "written_off": ("passé en perte", "written off"),
        "withdrawn": ("dossier retiré", "claim withdrawn"),
        "irrecoverable": ("irrécouvrable", "irrecoverable"),
        "nothing_asked": ("plus rien à demander", "nothing left to ask"),
        "other_status": ("autre statut", "other status"),
        "other_date": ("autre date", "other date"),
        "dispute_ended": ("litige terminé", "dispute ended"),
        "caught_up": ("rattrapage", "catching up"),
        "no_answer": ("sans réponse", "no answer"),
        "expired_send": ("délai passé", "deadline passed"),
        "no_usable_address": ("aucune adresse valable", "no usable address"),
        "clock_moved": ("délai légal déplacé", "legal deadline moved"),
        "mail_server": ("serveur de messagerie", "mail server"),
        "promise_settled": ("promesse dénouée", "promise settled"),
        "arrangement_ended": ("arrangement terminé", "arrangement over"),
        "paid_in_time": ("payé à temps", "paid in time"),
        "not_known_whether_it_left": ("départ incertain", "not known whether it left"),
        "unknown_at_address": ("inconnu à l’adresse", "unknown at this address"),
        "refused": ("pli refusé", "refused"),
        "unclaimed": ("pli non réclamé", "unclaimed"),
        "refused_by_server": ("refusé par le serveur", "refused by the server"),
    },
    "status_category": {
        "in_progress": ("en cours", "in progress"),
        "promise": ("promesse", "promise"),
        "dispute": ("litige", "dispute"),
        "dispute_resolved": ("litige résolu", "dispute resolved"),
        "litigation": ("contentieux", "litigation"),
    },
    "off_scenario": {
        "promise": ("promesse", "promise"),
        "dispute": ("litige", "dispute"),
        "specific_action": ("action spécifique", "specific action"),
        "litigation": ("contentieux", "litigation"),
        "excluded": ("exclusion", "excluded"),
    },
    "dispute_state": {"open": ("ouvert", "open"), "resolved": ("résolu", "resolved")},
    "dispute_outcome": {
        "rejected": ("rejeté", "rejected"),
        "accepted": ("accepté", "accepted"),
        "partly": ("accepté en partie", "accepted in part"),
    },
    "item_kind": {
        "invoice": ("facture", "invoice"),
        "credit_note": ("avoir", "credit note"),
        "loan_instalment": ("échéance de prêt", "loan instalment"),
        "overdraft": ("découvert", "overdraft"),
        "bill": ("effet", "bill of exchange"),
        "cheque": ("chèque", "cheque"),
        "other": ("autre", "other"),
    },
    "document_state": {
        "rendered": ("préparé", "rendered"),
        "sent": ("envoyé", "sent"),
        "printed": ("imprimé", "printed"),
        "posted": ("posté", "posted"),
        "returned": ("retourné", "returned"),
        "bounced": ("non distribué", "bounced"),
        "withdrawn": ("retiré", "withdrawn"),
    },
    "waiting_for": {
        "date": ("attend une date", "waits for a date"),
        "person": ("attend une personne", "waits for a person"),
        "agent": ("attend un intervenant", "waits for an agent"),
        "nothing": ("n’attend rien", "waits for nothing"),
    },
    "step_kind": {
        "close": ("clôture", "close"),
        "wait": ("attente", "wait"),
        "send_email": ("e-mail", "e-mail"),
        "send_letter": ("courrier", "letter"),
        "ask": ("tâche", "task"),
        "task_clock": ("délai d’une tâche", "a task’s clock"),
        "check": ("échéance", "date to check"),
    },
    "plan_kind": {
        "scenario_step": ("étape du scénario", "scenario step"),
        "follow_up": ("suivi", "follow-up"),
        "promise_check": ("contrôle de promesse", "promise check"),
        "instalment": ("échéance", "instalment"),
        "clock": ("délai légal", "legal deadline"),
        "task_deadline": ("délai d’une tâche", "task deadline"),
    },
    "identity": {
        "cin": ("CIN", "CIN"),
        "rc": ("registre du commerce", "trade register"),
        "mf": ("matricule fiscal", "MF"),
        "siren": ("SIREN", "SIREN"),
        "vat": ("numéro de TVA", "VAT number"),
        "iban": ("IBAN", "IBAN"),
        "name": ("nom au même code postal", "name at the same postal code"),
        "email": ("adresse e-mail", "e-mail address"),
        "address": ("adresse postale", "postal address"),
    },
    "debtor_kind": {"company": ("société", "company"), "person": ("particulier", "person")},
    "entry": {
        "opened": ("ouverture", "opening"),
        "payment_received": ("paiement", "payment"),
        "payment_reversed": ("rejet de paiement", "returned payment"),
        "note_added": ("note", "note"),
        "items_added": ("pièces", "items"),
        "cost_added": ("frais", "cost"),
        "correct": ("contre-passation", "counter entry"),
        "debtor_changed": ("débiteur", "debtor"),
        "letter_returned": ("pli revenu", "returned letter"),
        "decide": ("décision", "decision"),
        "give_status": ("statut", "status"),
        "suspend": ("suspension", "suspension"),
        "resume": ("reprise", "resumption"),
        "close": ("clôture", "closure"),
        "assign": ("affectation", "assignment"),
        "plan_action": ("action planifiée", "planned action"),
        "execute_action": ("exécution", "execution"),
        "change_action": ("modification d’action", "changed action"),
        "move_scenario": ("changement de scénario", "scenario move"),
        "change_stage": ("changement de phase", "stage change"),
        "make_promise": ("promesse", "promise"),
        "cancel_promise": ("annulation de promesse", "cancelled promise"),
        "agree_arrangement": ("arrangement", "arrangement"),
        "cancel_arrangement": ("annulation d’arrangement", "cancelled arrangement"),
        "make_offer": ("offre", "offer"),
        "answer_offer": ("réponse à une offre", "answer to an offer"),
        "change_follow_up": ("report de suivi", "moved follow-up"),
        "exclude": ("exclusion de pièces", "exclusion of items"),
        "raise_dispute": ("litige", "dispute"),
        "resolve_dispute": ("résolution de litige", "resolved dispute"),
        "record_legal_event": ("événement juridique", "event in law"),
        "retract_legal_event": ("rétractation d’un événement juridique", "event in law retracted"),
    },
    "promise_state": {
        "open": ("en cours", "open"),
        "kept": ("tenue", "kept"),
        "partial": ("tenue en partie", "kept in part"),
        "broken": ("rompue", "broken"),
        "cancelled": ("annulée", "cancelled"),
    },
    "arrangement_state": {
        "active": ("en cours", "active"),
        "completed": ("respecté", "completed"),
        "breached": ("rompu", "breached"),
        "cancelled": ("annulé", "cancelled"),
    },
    "offer_state": {
        "open": ("ouverte", "open"),
        "accepted": ("acceptée", "accepted"),
        "refused": ("refusée", "refused"),
        "countered": ("contrée par une autre", "countered"),
        "expired": ("expirée", "expired"),
    },
    "offer_side": {"debtor": ("le débiteur", "the debtor"), "creditor": ("le créancier", "the creditor")},
    "allocated_to": {
        "cost": ("frais", "costs"),
        "interest": ("intérêts", "interest"),
        "indemnity": ("indemnité forfaitaire", "fixed indemnity"),
        "principal": ("principal", "principal"),
    },
    "correction_kind": {
        "correction": ("erreur", "mistake"),
        "waiver": ("remise", "waiver"),
        "settlement": ("transaction", "settlement"),
        "dispute": ("litige", "dispute"),
        "write_off": ("passage en perte", "write-off"),
    },
    "clock": {
        "limitation": ("Prescription", "Limitation"),
        "title": ("Titre exécutoire", "Enforceable title"),
        "instance_lapse": ("Péremption d’instance", "Lapse of the case"),
        "payment_order_service": ("Signification de l’injonction de payer", "Service of the payment order"),
        "payment_order_opposition": ("Opposition à l’injonction de payer", "Opposition to the payment order"),
        "third_party_seizure_notice": ("Dénonciation de la saisie", "Notice of the seizure to the debtor"),
        "third_party_seizure_contest": ("Contestation de la saisie", "Contest of the seizure"),
        "insolvency_declaration": ("Déclaration de créance", "Declaration in the insolvency"),
        "service_before_enforcement": ("Délai avant exécution", "Days before enforcement"),
    },
    "clock_state": {
        "running": ("court", "running"),
        "warned": ("bientôt expiré", "soon over"),
        "run_out": ("expiré", "run out"),
        "stopped": ("arrêté", "stands still"),
        "met": ("satisfait", "met"),
    },
    "legal_event": {
        "acknowledgement": ("reconnaissance de dette", "acknowledgement of the debt"),
        "formal_notice": ("mise en demeure ayant date certaine", "formal notice with a certain date"),
        "summons": ("assignation", "summons"),
        "payment_order": ("ordonnance d’injonction de payer", "payment order made"),
        "service": ("signification", "service"),
        "opposition": ("opposition du débiteur", "opposition of the debtor"),
        "diligence": ("diligence d’instance", "step in the case"),
        "judgment": ("jugement", "judgment"),
        "title": ("titre exécutoire", "enforceable title"),
        "instance_ended": ("fin de l’instance", "end of the case"),
        "action_failed": ("désistement, péremption ou rejet", "action given up, lapsed or rejected"),
        "enforcement_act": ("acte d’exécution forcée", "act of enforcement"),
        "third_party_seizure": ("saisie entre les mains d’un tiers", "third-party seizure"),
        "seizure_notice": ("dénonciation de la saisie", "notice of the seizure"),
        "seizure_contested": ("contestation de la saisie", "seizure contested"),
        "insolvency_opened": ("ouverture de la procédure collective", "insolvency opened"),
        "insolvency_declared": ("créance déclarée", "claim declared in the insolvency"),
        "insolvency_closed": ("clôture de la procédure collective", "insolvency closed"),
        "limitation_waived": ("renonciation à la prescription", "limitation waived"),
        "payment": ("paiement", "payment"),
        "arrangement": ("échéancier convenu", "instalment plan agreed"),
    },
    "item": {"global": ("« solde global »", "the global balance")},
    "word": {"sequence": ("séquence", "sequence")},
}
STANDARD_SET = Path(__file__).parent.parent / "catalogue"


def code_label(kind: str, code: str, language: str) -> str:
    """The label of a fixed code; the code itself when nobody named it."""
    named = LABELS.get(kind, {}).get(code)
    if named is None:
        return code
    return named[1] if language[:2].lower() == "en" else named[0]


def catalogue_label(kind: str, code: str, language: str) -> str:
    """The standard label of an action type, a status or a fee; the code itself for those that users added."""
    return label(_standard(kind).get(code, {}), language) or code


@cache
def _standard(kind: str) -> dict[str, Mapping[str, str]]:
    bodies = json.loads((STANDARD_SET / f"{kind}.json").read_text(encoding="utf-8"))
    return {body["code"]: body["label"] for body in bodies}
