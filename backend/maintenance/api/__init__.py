"""Addresses of what is wrong and who mends it: defects and work orders."""

from backend.maintenance.api.contractors import Contractors
from backend.maintenance.api.defects import Defects
from backend.maintenance.api.work_orders import WorkOrders

__all__ = ["Contractors", "Defects", "WorkOrders"]
