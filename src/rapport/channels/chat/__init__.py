"""Chat on a company's own pages: sites, visitors and how they are recognised."""
