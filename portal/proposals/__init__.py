"""What residents want for their neighbourhood: from a draft to the town's answer."""
