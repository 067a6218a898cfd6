"""What the English demo company writes down about calls, letters, meetings and orders."""

from __future__ import annotations

from crm_desktop.services.demo.country import Text

TEXTS = {
    "first": (
        Text("call", "Incoming call: {what}",
             "Asks about {what}. Contact: {who}. We send a sample estimate and talk again {day}."),
        Text("call", "First call",
             "{who} wants a price for {what}. Rough sizes for now, the survey will give exact "
             "ones. No budget named yet."),
        Text("letter", "Request from the website",
             "Interested in {what} at {street}. Please answer {day}, afternoons are better for "
             "calls."),
        Text("letter", "Request for an estimate",
             "Sent floor plans and an opening schedule. Estimate {what} twice: basic and with "
             "premium hardware."),
        Text("meeting", "Met at the trade show",
             "Took the catalog and the price list. {who} is in charge of purchasing, projects "
             "start in spring. Call {day}."),
        Text("note", "Came by recommendation",
             "Saw our work next door and wants the same quality. Contact: {who}."),
        Text("call", "Clarified the job",
             "They need {what}. {who} compares two contractors and decides by {until}. Schedule "
             "and clean work matter most."),
    ),
    "measure": (
        Text("call", "Survey arranged",
             "Survey {day} at {street}. {who} will be there. Register at the gate first."),
        Text("meeting", "Site survey",
             "Took sizes and photos. One opening is out of square and needs an extension jamb. "
             "Freight elevator available."),
        Text("meeting", "Survey",
             "Sizes are within one inch of the plans. {who} adds insect screens and wider sills."),
        Text("note", "Survey moved", "Openings are not ready yet. {who} asks us to come {day}."),
        Text("letter", "Sent shop drawings",
             "Drawings and schedule after the survey. Asked to confirm colors and hinge sides."),
    ),
    "offer": (
        Text("letter", "Proposal {number}",
             "Sent a proposal for {sum}: {what}, delivery and installation. Valid until {until}."),
        Text("letter", "Estimate: {what}",
             "Two options, {sum} and 12 % less without lamination. Lead time four weeks."),
        Text("call", "Went through the proposal",
             "{who} asks what the installation price covers. Promised a breakdown {day}."),
        Text("note", "Estimate revised",
             "Two sashes less, new flashing, {sum} in total. The new estimate is in the client's "
             "folder."),
        Text("meeting", "Samples in the showroom",
             "Looked at profiles, hardware and colors. They like dark oak. {who} expects the final "
             "price {day}."),
    ),
    "talks": (
        Text("call", "Negotiating",
             "{who} asks for 7 % off. Offered 4 % with 70 % up front. They think until {until}."),
        Text("call", "No answer", "Nobody picks up. Try again {day}."),
        Text("call", "Followed up on the proposal",
             "Not decided yet: {who} is waiting for approval. Call back {day}."),
        Text("letter", "Draft contract",
             "Sent the contract and the payment schedule. Their counsel wants to change the "
             "acceptance clause."),
        Text("letter", "Answered questions",
             "Certificates, five-year warranty, insurance. {who} is happy with the answers."),
        Text("meeting", "Meeting at the client's office",
             "Went through phases and payments. {who} would like to start earlier, crew schedule "
             "to be checked. Answer {day}."),
        Text("note", "A competitor is cheaper",
             "About 5 % less, but without a crew of their own. Stress the warranty and the dates."),
        Text("call", "Decision postponed",
             "The budget comes after the end of the quarter. {who} asks for a call {day}."),
    ),
    "order": (
        Text("meeting", "Contract {number} signed",
             "{sum}, 60 % up front. Signed by {who}. Originals are with the accountant."),
        Text("letter", "Invoice {number}", "Invoiced {sum}. They promise to pay by {until}."),
        Text("note", "Deposit received", "Received {sum}. The order went into production."),
        Text("call", "Delivery date agreed",
             "Delivery {day}, 9 to 12. We unload, {who} makes room in the yard."),
        Text("letter", "Asked for paperwork",
             "Their bookkeeper needs the lien waiver and the W-9 by e-mail. Sent."),
        Text("call", "Addition to the order",
             "{who} adds {what}. Plus {sum}, shipped together."),
    ),
    "install": (
        Text("meeting", "Installation, first day",
             "Old units are out, half of the new ones are in. Floors covered, debris removed."),
        Text("meeting", "Installation finished",
             "Installed {what}. One scratch on a sill, to be replaced {day}. Acceptance signed."),
        Text("note", "Crew delayed",
             "No access for two hours. {who} knows, we finish {day}."),
        Text("call", "Work accepted",
             "{who} is pleased and asks for care instructions. A review on the website is "
             "promised."),
        Text("letter", "Completion and warranty papers",
             "Sent completion certificate {number} and the five-year warranty."),
    ),
    "after": (
        Text("call", "Check-in after installation",
             "Everything works, no drafts. {who} wants a reminder to lubricate hardware in fall."),
        Text("call", "Warranty request", "A sash rubs against the frame. Technician {day}."),
        Text("meeting", "Service visit",
             "Adjusted three sashes, replaced a gasket. Free of charge, under warranty."),
        Text("letter", "Season's greetings", "Sent a card and a calendar."),
        Text("call", "Another site",
             "They plan one more address: {street}. They need {what}. Survey probably {day}."),
        Text("note", "Recommends us",
             "{who} gave our number to the neighbors. Offer a discount on the next order."),
        Text("letter", "Account statement", "Statement confirmed, nothing open."),
    ),
    "sleep": (
        Text("call", "How are things",
             "No new sites for now. {who} asks for a call in half a year."),
        Text("letter", "News from us", "Wrote about the new profile line. No answer."),
        Text("note", "No orders for long",
             "The last order was more than a year ago. Offer a maintenance visit."),
    ),
    "lost": (
        Text("call", "Declined",
             "They chose another contractor, {sum} cheaper. {who} says thanks."),
        Text("note", "Request closed", "The project is frozen. Come back to it in a year."),
        Text("call", "No longer needed",
             "{who} asks us not to call: the renovation is put off for good."),
    ),
    "step": (
        Text("call", "Call: decided on the estimate?", "{who} promised an answer. Ask for dates."),
        Text("task", "Send the offer", "Two options: {what}, with and without installation."),
        Text("meeting", "Measure on site", "Address: {street}. {who} will be there."),
        Text("letter", "Remind about the contract", "The signed copy has not arrived yet."),
        Text("task", "Prepare samples", "Show {what} and the colours."),
        Text("call", "Ask how the installation went", "And about the second site."),
    ),
}  # fmt: skip
WORDS = {
    "what": (
        "vinyl windows", "wood windows", "entry doors", "interior doors", "storefront glazing",
        "sliding doors", "windows and a patio door", "roller shades", "office partitions",
        "built-in closets", "skylights", "fire-rated doors", "kitchen fronts", "garage doors",
    ),
    "day": (
        "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "tomorrow",
        "next week", "early next month", "on Thursday morning",
    ),
    "until": ("Monday", "Wednesday", "Friday", "the end of the week", "the end of the month"),
}  # fmt: skip
NOTES = (
    "Call in the afternoon, mornings are spent on site.",
    "Electronic documents only.",
    "Pays on time; volume discount approved by the general manager.",
    "One e-mail a week at most, please.",
    "Gate pass needed, request it a day ahead.",
    "Framework contract, orders come as appendices.",
    "New building, finishing starts in the fall.",
    "Works with net 14 terms.",
    "Prefers e-mail to long calls.",
    "Sites are out of town, add travel to the estimate.",
    "Was unhappy with a competitor's delays.",
    "Three branches, decisions are made at the head office.",
)
PERSON_NOTES = (
    "Answers text messages faster than calls.",
    "Always asks for a second option.",
    "Usually away in August.",
    "Knows profiles and hardware well.",
    "Needs approval from the owner first.",
    "Recommends us to other companies.",
)
