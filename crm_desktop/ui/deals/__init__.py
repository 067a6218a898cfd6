"""What the card of a deal has besides that of any record: its stages, its lines, what it is worth.

Everything asks the catalogue for traits: another object that goes through stages has it, too.
"""
