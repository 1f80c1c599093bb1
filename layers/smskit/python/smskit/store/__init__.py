"""DynamoDB, one module an aggregate; every state change is one conditional write."""
