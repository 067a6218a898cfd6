"""What firms of the English demo company's clients are called and what they do."""

from __future__ import annotations

from crm_desktop.services.demo.country import Form, Trade

TRADES = (
    Trade("Construction", 24, (
        "{name} Builders", "{name} Construction", "{name} Homes", "{name} Renovation",
        "{name} Development", "{name} General Contracting", "{name} Design Build",
    )),
    Trade("Trade", 17, (
        "{name} Trading", "{name} Furniture", "{name} Market", "{name} Supply", "{name} Interiors",
        "{name} Home Center",
    )),
    Trade("Manufacturing", 13, (
        "{name} Manufacturing", "{name} Works", "{name} Industries", "{name} Millwork",
        "{name} Fabrication",
    )),
    Trade("Services", 16, (
        "The {name} Hotel", "{name} Restaurant", "{name} Cafe", "{name} Property Management",
        "{name} Bakery", "{name} Studio", "{name} Law Group", "{name} Fitness",
    )),
    Trade("Health", 9, (
        "{name} Clinic", "{name} Dental", "{name} Medical Center", "{name} Pharmacy",
        "{name} Physical Therapy",
    )),
    Trade("Education", 7, (
        "{name} Academy", "{name} Preschool", "{name} Learning Center", "{name} Music School",
    )),
    Trade("Transport", 7, (
        "{name} Logistics", "{name} Auto", "{name} Freight", "{name} Moving",
    )),
    Trade("IT", 7, ("{name} Software", "{name} Systems", "{name} Labs", "{name} Digital")),
)  # fmt: skip
NAMES = """

    Acorn Alder Allston Amber Anchor Arbor Arrowhead Ashford Aspen Aster Atlas Aurora Avalon
    Back-Bay Barrington Bayside Beacon Bedford Bellwether Berkshire Birchwood Blackstone
    Blue-Heron Bluebird Bramble Brightwater Bristol Broadleaf Brookside Cabot Candlewood Cape
    Cardinal Carlisle Castlegate Cedar-Hill Chapel Charter Clearview Cloverfield Coastal
    Cobblestone Commonwealth Compass Concord Copper-Beech Cornerstone Crescent Crestview
    Crossroads Daybreak Deerfield Dover Eastgate Eastwind Edgewater Elmwood Ember Evergreen
    Fairhaven Fairview Falcon Fenwick Fieldstone Foxglove Gatehouse Glenwood Golden-Oak Granite
    Greenway Greystone Hallmark Harborview Harvest Hawthorne Hearthstone Heritage Heron
    Highland Hillcrest Hollybrook Horizon Ironbridge Ivy Juniper Keystone Kingfisher
    Kingsbridge Lakeshore Lantern Larkspur Laurel Liberty Lighthouse Linden Longfellow Lowland
    Magnolia Maplewood Mariner Meadowbrook Meridian Merrimack Milestone Millstone Minuteman
    Monarch Monument Mystic Narrows Newbury Northgate Northstar Nutmeg Oakridge Old-Mill
    Orchard Osprey Overlook Parkside Patriot Pebble Pemberton Penrose Pilgrim Pinecrest Pioneer
    Plymouth Prospect Quarry Quill Ravenswood Redwood Ridgeway Riverbend Riverside Rockport
    Rosewood Saltbox Sandpiper Schooner Seacoast Seven-Hills Shoreline Silver-Birch Skyline
    Somerset Southbridge Sparrow Spruce Starboard Sterling Stonebridge Stonewall Summit Sunrise
    Swift Sycamore Tamarack Tidewater Timberline Trellis Tremont Trinity Union Vanguard Vista
    Walden Waterfront Wayside Westbrook Weathervane Whitestone Wildwood Willow Windham Windsor
    Woodbine Woodland Yankee
""".split()
SECOND = ("& Sons", "Partners", "Group", "Brothers", "East", "North", "Point", "Square", "& Co.")
FORMS = (
    Form(52, "{name} LLC", "{name} LLC"),
    Form(30, "{name} Inc", "{name} Inc"),
    Form(10, "{name} Corp", "{name} Corporation"),
    Form(8, "{name}", "{name} LLP"),
)
