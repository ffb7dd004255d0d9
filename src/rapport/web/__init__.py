"""What members see: the frame, the inbox, customers, Pulse and settings."""
