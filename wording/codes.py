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
        "with_agent": ("chez l’intervenant", "with the agent"),
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
        "sent": ("envoyé", "sent"),
        "done": ("fait", "done"),
        "overridden": ("remplacé", "overridden"),
        "skipped": ("ignoré", "skipped"),
        "withdrawn": ("retiré", "withdrawn"),
        "expired": ("expiré", "expired"),
        "failed": ("échoué", "failed"),
        "paid": ("payé", "paid"),
        "partly_paid": ("payé en partie", "partly paid"),
        "fruitless": ("infructueux", "fruitless"),
        "settled": ("transigé", "settled"),
        "void": ("nul ou caduc", "void"),
    },
    "guarantee_kind": {
        "surety": ("caution simple", "surety"),
        "joint_surety": ("caution solidaire", "joint surety"),
        "mortgage": ("hypothèque", "mortgage"),
        "pledge": ("nantissement ou gage", "pledge"),
        "retention_of_title": ("réserve de propriété", "retention of title"),
        "bill_guarantee": ("aval", "guarantee of a bill"),
        "deposit": ("dépôt de garantie", "deposit"),
        "insurance": ("assurance-crédit", "credit insurance"),
        "other": ("autre garantie", "other guarantee"),
    },
    "judgment": {
        "granted": ("accordé", "granted"),
        "partly": ("accordé en partie", "granted in part"),
        "refused": ("rejeté", "refused"),
        "struck_out": ("radié", "struck out"),
        "other": ("autre décision", "other decision"),
    },
    "service_mode": {
        "to_person": ("à personne", "to the person"),
        "at_home": ("à domicile", "at home"),
        "at_study": ("dépôt à l’étude", "left at the bailiff’s office"),
        "abroad": ("à l’étranger", "abroad"),
        "by_notice": ("procès-verbal de recherches", "by a report of search"),
    },
    "title_kind": {
        "judgment": ("jugement", "judgment"),
        "payment_order": ("ordonnance d’injonction de payer", "payment order"),
        "notarial_deed": ("acte notarié", "notarial deed"),
        "cheque_title": ("titre sur chèque impayé", "title on an unpaid cheque"),
        "settlement": ("transaction homologuée", "approved settlement"),
    },
    "field": {
        "starts_on": ("début", "start"),
        "planned_end_on": ("fin prévue", "planned end"),
        "reminder_on": ("date de relance", "reminder date"),
        "due_on": ("date limite", "last day"),
        "agent": ("intervenant", "agent"),
        "object": ("objet", "object"),
        "observations": ("observations", "observations"),
        "court": ("juridiction", "court"),
        "number": ("numéro", "number"),
        "comment": ("commentaire", "comment"),
        "on": ("date", "date"),
        "adjourned_to": ("renvoi", "adjournment"),
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
        "caught_up": ("rattrapage", "catching up"),
        "no_answer": ("sans réponse", "no answer"),
        "expired_send": ("délai passé", "deadline passed"),
        "no_usable_address": ("aucune adresse valable", "no usable address"),
        "mail_server": ("serveur de messagerie", "mail server"),
        "not_known_whether_it_left": ("départ incertain", "not known whether it left"),
        "agent_came_back": ("l’intervenant a répondu", "the agent came back"),
        "given_up": ("abandon", "given up"),
        "given_to_agent": ("confié à un intervenant", "given to an agent"),
        "done": ("fait", "done"),
        "other_date": ("autre date", "another date"),
        "hearing_settled": ("audience tenue", "hearing settled"),
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
    "debtor_kind": {"company": ("société", "company"), "person": ("particulier", "person")},
    "entry": {
        "opened": ("ouverture", "opening"),
        "payment_received": ("paiement", "payment"),
        "payment_reversed": ("rejet de paiement", "returned payment"),
        "note_added": ("note", "note"),
        "items_added": ("pièces", "items"),
        "cost_added": ("frais", "cost"),
        "debtor_changed": ("débiteur", "debtor"),
        "decide": ("décision", "decision"),
        "give_status": ("statut", "status"),
        "suspend": ("suspension", "suspension"),
        "resume": ("reprise", "resumption"),
        "close": ("clôture", "closure"),
        "assign": ("affectation", "assignment"),
        "plan_action": ("action planifiée", "planned action"),
        "execute_action": ("exécution", "execution"),
        "change_action": ("modification d’action", "changed action"),
        "cancel_action": ("abandon d’action", "action given up"),
        "document_attached": ("pièce jointe", "document"),
        "add_guarantee": ("garantie", "guarantee"),
        "change_guarantee": ("modification de garantie", "changed guarantee"),
        "release_guarantee": ("mainlevée de garantie", "released guarantee"),
        "open_procedure": ("procédure", "procedure"),
        "change_procedure": ("modification de procédure", "changed procedure"),
        "set_hearing": ("audience", "hearing"),
        "record_hearing": ("suite d’audience", "outcome of a hearing"),
        "record_judgment": ("jugement", "judgment"),
        "record_title": ("titre exécutoire", "enforceable title"),
        "record_service": ("signification", "service"),
        "end_procedure": ("fin de procédure", "end of a procedure"),
        "move_scenario": ("changement de scénario", "scenario move"),
        "change_stage": ("changement de phase", "stage change"),
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
