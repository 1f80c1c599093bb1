"""DynamoDB as the tests know it: its rules, its expressions, its tables and transactions in memory."""
