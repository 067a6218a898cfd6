"""English first and family names of people who do not exist."""

from __future__ import annotations

MEN = """
    Aaron Adam Adrian Alan Albert Andrew Anthony Arthur Ben Brandon Brian Calvin Carlos Charles
    Christopher Colin Craig Daniel David Dennis Derek Douglas Dylan Edward Eric Ethan Felix Frank
    Gary George Gordon Grant Gregory Harold Harry Henry Howard Hugh Ian Jack Jacob James Jason
    Jeremy Joel John Jonathan Joseph Joshua Julian Keith Kenneth Kevin Kyle Leonard Lewis Liam Louis
    Marcus Mark Martin Matthew Michael Miles Nathan Neil Nicholas Noah Oliver Oscar Owen Patrick
    Paul Peter Philip Raymond Richard Robert Ronald Ross Ryan Samuel Scott Sean Simon Stephen Steven
    Theodore Thomas Timothy Tyler Victor Vincent Walter Wesley William
""".split()
WOMEN = """
    Abigail Alice Alicia Amanda Amy Andrea Angela Anna Audrey Barbara Beth Brenda Bridget Carla
    Carol Caroline Catherine Charlotte Chloe Christine Claire Colleen Crystal Cynthia Dana Deborah
    Denise Diana Donna Dorothy Edith Eleanor Elizabeth Ellen Emily Emma Erin Evelyn Fiona Frances
    Gail Gloria Grace Hannah Heather Helen Holly Irene Isabel Jane Janet Jean Jennifer Jessica Joan
    Joanna Judith Julia Karen Kate Kathleen Kelly Kimberly Laura Lauren Leah Lillian Linda Lisa Lucy
    Lydia Margaret Maria Marion Martha Megan Melissa Michelle Miriam Monica Naomi Natalie Nicole
    Nora Olivia Pamela Patricia Paula Rachel Rebecca Renee Rose Ruth Sandra Sarah Sharon Sophia
    Stella Stephanie Susan Sylvia Teresa Valerie Vanessa Veronica Victoria Wendy Yvonne Zoe
""".split()
SURNAMES = """

    Abbott Adams Aldridge Alvarez Anderson Archer Arnold Atkins Bailey Baker Barker Barlow
    Barnes Barrett Bates Beckett Bell Bennett Bishop Blake Bolton Bowen Bradley Brennan Briggs
    Brooks Bryant Burke Burton Byrne Caldwell Cameron Campbell Carlson Carpenter Carter
    Castillo Chambers Chandler Chen Clarke Cohen Coleman Collins Connolly Conway Cooper Cortez
    Crawford Crosby Cunningham Dalton Daniels Davenport Dawson Delgado Dixon Donnelly Doyle
    Drake Duncan Edwards Elliott Ellis Emerson Evans Farrell Ferguson Fields Fisher Fleming
    Fletcher Flynn Foster Fowler Frost Fuller Garcia Gardner Garrison Gibbs Gilbert Goodwin
    Graham Greene Griffin Hale Hammond Hanson Harding Harper Harrington Hawkins Hayes Henderson
    Hobbs Hodges Holland Holmes Horton Houston Howell Hudson Hughes Ingram Jacobs Jennings
    Jensen Keller Kemp Kendall Kim Kirby Knight Lambert Larson Lawson Levine Lindsay Logan
    Lowell Lynch Maddox Maguire Malone Manning Marsh Mason Maxwell McAllister McCarthy McKenna
    Mercer Miles Monroe Morales Moran Morrison Murphy Nash Nelson Newton Nguyen Nolan Norris
    Norton Osborne Page Palmer Parker Parsons Patel Payne Pearson Perkins Porter Powell
    Prescott Quinn Ramsey Randall Reeves Reilly Rhodes Rivera Robbins Rowe Russell Sanders
    Sawyer Schneider Sharp Shaw Sheldon Sherman Silva Simmons Sinclair Spencer Stanton Steele
    Stevens Stokes Sullivan Sutton Tate Thornton Torres Tucker Turner Underwood Vargas Vaughn
    Wagner Walsh Warner Watkins Weaver Webster Whitaker Wilcox Wolfe Woodward Wright Yates York
    Zimmerman
""".split()
