"""What customers see on a company's own pages: the chat widget and its one-tap question."""
