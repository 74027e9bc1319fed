"""Makes the queues, buckets, notifications, lifecycle rules and schedules of resources.json, which lies beside this script.

LocalStack runs it when it is ready (ready.d), with boto3 at hand and AWS_ENDPOINT_URL pointing to itself. With
credentials of an AWS account and no AWS_ENDPOINT_URL it makes the same things there: python3 make-resources.py.
Running it twice changes nothing. COUPON_RESOURCES names another list; the settings named in it change its days.
"""

import json
import os
import sys

import boto3

IN_LOCALSTACK = "localstack" in sys.modules


def own_folder():
    if not IN_LOCALSTACK:
        return os.path.dirname(os.path.realpath(__file__))
    from localstack import config  # it runs the text of this script and does not say where it found it

    return os.path.join(config.dirs.init, "ready.d")


LIST = os.environ.get("COUPON_RESOURCES", os.path.join(own_folder(), "resources.json"))

with open(LIST, encoding="utf-8") as file:
    resources = json.load(file)

settings = {"region_name": resources["region"]}
if IN_LOCALSTACK or "AWS_ENDPOINT_URL" in os.environ:
    settings["endpoint_url"] = os.environ.get("AWS_ENDPOINT_URL", "http://localhost:4566")
if IN_LOCALSTACK:
    settings.update(aws_access_key_id="test", aws_secret_access_key="test")

sqs = boto3.client("sqs", **settings)
s3 = boto3.client("s3", **settings)
events = boto3.client("events", **settings)


def queue_arn(name):
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def make_queue(queue):
    url = sqs.create_queue(QueueName=queue["name"])["QueueUrl"]
    sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={
            "VisibilityTimeout": str(queue["visibilitySeconds"]),
            "MessageRetentionPeriod": str(queue["retentionDays"] * 24 * 60 * 60),
        },
    )
    return url


def set_dead_letters(url, dead):
    policy = {"deadLetterTargetArn": queue_arn(dead["queue"]), "maxReceiveCount": dead["maxReceives"]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})


def allow(queue, services):
    """Without it S3 and EventBridge may not send; LocalStack does not ask, AWS does."""
    arn = queue_arn(queue)
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": sorted(services)}, "Action": "sqs:SendMessage", "Resource": arn}
        ],
    }
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})


def make_bucket(bucket):
    try:
        if resources["region"] == "us-east-1":
            s3.create_bucket(Bucket=bucket["name"])
        else:
            s3.create_bucket(
                Bucket=bucket["name"], CreateBucketConfiguration={"LocationConstraint": resources["region"]}
            )
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    notifications = [
        {
            "QueueArn": queue_arn(n["queue"]),
            "Events": n["events"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": n["prefix"]}]}},
        }
        for n in bucket["notifications"]
    ]
    s3.put_bucket_notification_configuration(
        Bucket=bucket["name"], NotificationConfiguration={"QueueConfigurations": notifications}
    )


def days(keep):
    given = os.environ.get(keep["setting"]) or str(keep["days"])
    if not given.isdecimal() or not 1 <= int(given) <= 36500:
        raise ValueError(f"{keep['setting']} must be a number of days from 1 to 36500, not {given!r}")
    return int(given)


def set_lifecycle(bucket):
    rules = [
        {
            "ID": "keep-" + keep["prefix"].strip("/"),
            "Status": "Enabled",
            "Filter": {"Prefix": keep["prefix"]},
            "Expiration": {"Days": days(keep)},
        }
        for keep in bucket["keep"]
    ]
    rules.append(
        {
            "ID": "abort-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": bucket["abortUploadsDays"]},
        }
    )
    s3.put_bucket_lifecycle_configuration(Bucket=bucket["name"], LifecycleConfiguration={"Rules": rules})


def make_schedule(schedule):
    events.put_rule(Name=schedule["name"], ScheduleExpression=schedule["rate"], State="ENABLED")
    answer = events.put_targets(
        Rule=schedule["name"], Targets=[{"Id": schedule["queue"], "Arn": queue_arn(schedule["queue"])}]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"rule {schedule['name']}: {answer['FailedEntries']}")


urls = {queue["name"]: make_queue(queue) for queue in resources["queues"]}
for queue in resources["queues"]:
    if "deadLetter" in queue:
        set_dead_letters(urls[queue["name"]], queue["deadLetter"])

senders = {}
for bucket in resources["buckets"]:
    for notification in bucket["notifications"]:
        senders.setdefault(notification["queue"], set()).add("s3.amazonaws.com")
for schedule in resources["schedules"]:
    senders.setdefault(schedule["queue"], set()).add("events.amazonaws.com")
for queue, services in senders.items():
    allow(queue, services)

for bucket in resources["buckets"]:
    make_bucket(bucket)
    set_lifecycle(bucket)
for schedule in resources["schedules"]:
    make_schedule(schedule)
print(f"made {len(urls)} queues, {len(resources['buckets'])} buckets, {len(resources['schedules'])} schedules")
