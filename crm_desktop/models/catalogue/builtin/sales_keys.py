"""Fields of leads, deals and queues that lead to records of other objects, by their keys.

Services about sales write these fields and take their names from here: the key of a field is the
catalogue's to say, also where it is spelt as the object it leads to.
"""

CLIENT = "client"
PERSON = "person"
LEAD = "lead"
DEAL = "deal"
PIPELINE = "pipeline"
QUEUE = "queue"
STAFF = "staff"
CHANNEL = "channel"
CAMPAIGN = "campaign"
INTAKE = "intake"
