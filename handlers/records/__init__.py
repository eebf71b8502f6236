"""Records: chain the audit trail and list it, hold, keep, export and erase what is stored of customers."""
