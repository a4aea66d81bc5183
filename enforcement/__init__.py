"""Who may do what, and what was done: rules and state machines over ``View`` and ``Docket``."""
