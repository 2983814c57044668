"""The stages from a read page to the store; one Scrapy adapter each."""
