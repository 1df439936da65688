"""Catalogue, drafts, editions, media, authoring, enrolment."""
