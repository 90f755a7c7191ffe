"""Approval flows as data: who approves which documents, in which order, and why. Asked when a document is submitted."""

from erp.kernel.flows.facts import flow_fact
from erp.kernel.flows.people import knows_managers

__all__ = ["flow_fact", "knows_managers"]
