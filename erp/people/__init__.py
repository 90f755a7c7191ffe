"""The people of the house. Users and roles are the kernel's; here is what a company knows of its employees."""
