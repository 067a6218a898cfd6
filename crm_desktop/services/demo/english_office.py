"""The English demo company itself: who works there, what its lists and books are called."""

from __future__ import annotations

from crm_desktop.services.demo.country import Colleague, Job, View

OFFICE = (
    Colleague(False, "General Manager", "Management", "office"),
    Colleague(True, "Head of Sales", "Sales", "sales"),
    Colleague(False, "Sales Representative", "Sales", "sales"),
    Colleague(True, "Sales Representative", "Sales", "sales"),
    Colleague(True, "Key Account Manager", "Sales", "sales"),
    Colleague(False, "Sales Representative", "Sales", "sales", gone=True),
    Colleague(False, "Surveyor", "Survey and Design", "measure"),
    Colleague(True, "Design Engineer", "Survey and Design", "measure"),
    Colleague(False, "Installation Foreman", "Installation", "install"),
    Colleague(False, "Service Technician", "Service", "service"),
    Colleague(True, "Accountant", "Finance", "office"),
)
DECIDES, INFLUENCES, SIGNS = "Decides", "Influences", "Signs"
CONTACT, ACCOUNTANT = "Contact", "Accountant"
JOBS = (
    Job(16, "Owner", DECIDES),
    Job(11, "General Manager", DECIDES),
    Job(9, "President", SIGNS),
    Job(12, "Purchasing Manager", CONTACT),
    Job(9, "Project Manager", DECIDES),
    Job(9, "Site Supervisor", INFLUENCES),
    Job(8, "Facilities Manager", DECIDES),
    Job(7, "Office Manager", CONTACT),
    Job(7, "Bookkeeper", ACCOUNTANT),
    Job(6, "Controller", ACCOUNTANT),
    Job(6, "Architect", INFLUENCES),
    Job(6, "Interior Designer", INFLUENCES),
    Job(5, "Receptionist", CONTACT),
    Job(4, "Counsel", INFLUENCES),
)
OWNER = Job(1, "Owner", DECIDES)
PURPOSES = {"work": "work", "mobile": "mobile", "office": "office", "home": "home"}
BOOKS = {
    "call_result": {"talked": "Talked", "silent": "No answer", "later": "Asked to call back"},
    "client_status": {
        "new": "New", "talks": "Negotiation", "active": "Active", "sleeping": "Sleeping",
        "lost": "Lost",
    },
    "segment": {"key": "Key", "regular": "Regular", "small": "Small", "partner": "Partner"},
    "source": {
        "site": "Website", "friends": "Recommendation", "call": "Incoming call",
        "exhibition": "Exhibition", "advert": "Advertising", "cold": "Cold call",
    },
}  # fmt: skip
VIEWS = (
    View("By manager", "client", [],
         columns=("name", "status", "city", "revenue", "count(activity.about)",
                  "last(activity.about).moment"),
         groups=("responsible", "status"), pinned=True,
         marks=({"where": {"field": "revenue", "op": "ge", "value": 50_000_000}, "tone": "ok"},
                {"where": {"field": "count(activity.about)", "op": "eq", "value": 0},
                 "tone": "warn"})),
    View("In negotiation", "client", {"status": ["Negotiation"]}, "-updated_at", pinned=True),
    View("New this week", "client",
         [{"field": "created_at", "op": "period", "value": "last_7_days"}], "-created_at",
         pinned=True),
    View("Key accounts, Boston", "client", {"segment": ["Key"], "city": "Boston"}, "name",
         pinned=True),
    View("Sleeping, worth a call", "client",
         {"status": ["Sleeping"], "segment": ["Key", "Regular"]}, "updated_at"),
    View("Nobody responsible", "client", [{"field": "responsible", "op": "empty"}], "-created_at"),
    View("Managers", "person",
         [{"field": "job_title", "op": "contains", "value": "manager"}], "name"),
    View("Birthdays soon", "person",
         [{"field": "birthday", "op": "comes", "value": 14}], "name", pinned=True),
    View("No telephone", "person", [{"field": "phone", "op": "empty"}], "name"),
    View("Calls this week", "activity",
         [{"field": "kind", "op": "eq", "value": "call"},
          {"field": "moment", "op": "period", "value": "last_7_days"}], "-moment",
         pinned=True),
    View("Meetings this month", "activity",
         [{"field": "kind", "op": "eq", "value": "meeting"},
          {"field": "moment", "op": "period", "value": "last_30_days"}], "-moment"),
)  # fmt: skip
