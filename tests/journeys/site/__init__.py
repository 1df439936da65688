"""Journeys through the whole site, its web, worker, scheduler and broker; one process of the run walks them all."""
