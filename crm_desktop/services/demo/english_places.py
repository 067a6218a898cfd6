"""Where the English demo company sells: cities of New England and around, and streets."""

from __future__ import annotations

from crm_desktop.services.demo.country import City

# weight, city, state, area codes, prefix of employer numbers, beginning of its postcodes
CITIES = (
    City(24, "Boston", "Massachusetts", "617 857", "MA", "021"),
    City(8, "Cambridge", "Massachusetts", "617 857", "MA", "021"),
    City(7, "Worcester", "Massachusetts", "508 774", "MA", "016"),
    City(5, "Springfield", "Massachusetts", "413", "MA", "011"),
    City(5, "Quincy", "Massachusetts", "617 857", "MA", "021"),
    City(5, "Lowell", "Massachusetts", "978 351", "MA", "018"),
    City(4, "Newton", "Massachusetts", "617 781", "MA", "024"),
    City(4, "Salem", "Massachusetts", "978 351", "MA", "019"),
    City(8, "Providence", "Rhode Island", "401", "RI", "029"),
    City(4, "Newport", "Rhode Island", "401", "RI", "028"),
    City(7, "Hartford", "Connecticut", "860 959", "CT", "061"),
    City(5, "New Haven", "Connecticut", "203 475", "CT", "065"),
    City(5, "Manchester", "New Hampshire", "603", "NH", "031"),
    City(4, "Nashua", "New Hampshire", "603", "NH", "030"),
    City(5, "Portland", "Maine", "207", "ME", "041"),
    City(3, "Burlington", "Vermont", "802", "VT", "054"),
    City(4, "Albany", "New York", "518 838", "NY", "122"),
    City(3, "White Plains", "New York", "914", "NY", "106"),
)
STREETS = (
    "Main Street", "Oak Street", "Maple Avenue", "Elm Street", "Park Avenue", "Washington Street",
    "Cedar Lane", "Hillside Road", "Lincoln Avenue", "Church Street", "High Street", "River Road",
    "Highland Avenue", "Prospect Street", "Walnut Street", "Chestnut Street", "Spring Street",
    "School Street", "Union Street", "Franklin Street", "Beacon Street", "Harbor Drive",
    "Mill Road", "Meadow Lane", "Orchard Road", "Summit Avenue", "Commercial Street",
    "Industrial Way", "Water Street", "Pleasant Street", "Winter Street", "Garden Street",
)  # fmt: skip
