"""People, organisations, teams, roles, notices."""
