create or replace function public.customer_files(p_phone_number text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return jsonb_build_object(
    'folders', (
      select jsonb_agg(distinct private.media_folder(a)) from unnest(private.addresses_of(p_phone_number)) a),
    'paths', coalesce((
      select jsonb_agg(path) from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) as path
       where m.conversation_id = private.customer_of(p_phone_number) and path is not null), '[]'));
end
$$;
comment on function public.customer_files is
  'Where a customers files are: { folders, paths }.';
revoke execute on function public.customer_files from public, anon, authenticated, service_role;
grant execute on function public.customer_files to anon, service_role;
