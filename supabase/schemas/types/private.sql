-- What no API role may call or see: helpers of the functions in public, and tables of theirs alone.
create schema private;
comment on schema private is 'What no API role may call or see: helpers of the functions in public.';
revoke all on schema private from public;
-- Storage asks private.is_app() as the public key's role.
grant usage on schema private to anon;
