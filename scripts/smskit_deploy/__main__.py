"""``python -m smskit_deploy deploy|undeploy --env prod``: what make deploy and make undeploy run."""

from smskit_deploy.cli import main

main()
