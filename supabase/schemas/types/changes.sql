-- Every change of a message, a conversation or a LID draws a number from it: see monitor/read_feed.
create sequence private.changes;
comment on sequence private.changes is 'Drawn from by whatever changes a message, a conversation or a LID; see read_feed.';
revoke all on sequence private.changes from public;
