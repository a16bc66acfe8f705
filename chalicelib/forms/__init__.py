"""The form engine: definition to pages, posted page to answers, answers to path and problems."""
