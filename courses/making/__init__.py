"""Media in the making: what background jobs do with files. Rows and claims are in ``courses.services.making``."""
