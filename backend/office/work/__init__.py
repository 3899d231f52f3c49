"""Problems and the work on them: triage, work orders, accepted risks, reports from anybody."""
