"""One Workforce: a whole city's health and care workforce, planned, grown, trained and moved as if it were one."""
