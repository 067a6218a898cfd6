"""`crm-desktop serve` as a service of the system: installed, removed, looked at by one command."""
