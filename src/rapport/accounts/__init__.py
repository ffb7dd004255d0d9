"""The company's side: workspaces, brands, members, teams, roles, API keys and who did what."""
